"""An idle program on a terminal: the bytes that it writes and how often it wakes."""
import fcntl
import os
import pty
import select
import struct
import termios
import time


class Terminal:
    """A program on a pty of 120x40; what it writes is counted."""

    def __init__(self, argv, environment):
        self.pid, self.master = pty.fork()
        if self.pid == 0:
            os.execvpe(argv[0], argv, environment)
        fcntl.ioctl(self.master, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 120, 0, 0))
        self.text = b""

    def read(self, seconds):
        """What is written within so many seconds, at once when there is something."""
        if not select.select([self.master], [], [], seconds)[0]:
            return b""
        try:
            data = os.read(self.master, 65536)
        except OSError:
            data = b""
        self.text += data
        return data

    def until(self, what, seconds=30):
        end = time.monotonic() + seconds
        while what not in self.text:
            if time.monotonic() > end:
                raise SystemExit("%r was never written: %r" % (what, self.text[-300:]))
            self.read(0.2)

    def quiet(self, seconds=0.2):
        while self.read(seconds):
            pass

    def send(self, keys):
        for key in keys:
            os.write(self.master, key.encode())
            self.quiet(0.05)

    def wakeups(self):
        """How often any of its threads has slept and gone on."""
        count = 0
        for thread in os.listdir("/proc/%d/task" % self.pid):
            with open("/proc/%d/task/%s/status" % (self.pid, thread)) as file:
                for line in file:
                    if line.startswith("voluntary_ctxt_switches"):
                        count += int(line.split()[1])
        return count

    def watch(self, seconds):
        """Bytes and wake-ups a second over so many seconds."""
        end, before, count = time.monotonic() + seconds, self.wakeups(), 0
        while time.monotonic() < end:
            count += len(self.read(max(0, end - time.monotonic())))
        return count / seconds, (self.wakeups() - before) / seconds

    def close(self):
        os.kill(self.pid, 9)
        os.waitpid(self.pid, 0)
        os.close(self.master)
