"""How long psql takes to its first prompt: bare with a ready password, and from Enter on pgfob's list. One run, turn by
turn. Prints the two medians in milliseconds.

    session_bench.py PGFOB FLEET.json ROUNDS
"""
import glob
import json
import os
import pty
import select
import statistics
import subprocess
import sys
import tempfile
import time

PROFILE = "orders-stg"
PROMPT = b"orders=> "


class Terminal:
    def __init__(self, argv, environment):
        self.start = time.perf_counter()
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.execve(argv[0], argv, environment)
        self.seen = b""

    def wait(self, text, seconds=20):
        """Reads up to a text and forgets what came before its end."""
        deadline = time.monotonic() + seconds
        while text not in self.seen:
            if time.monotonic() > deadline or not select.select([self.fd], [], [], 1)[0]:
                if time.monotonic() > deadline:
                    raise SystemExit("not within %d s: %r after %r" % (seconds, text, self.seen[-300:]))
                continue
            self.seen += os.read(self.fd, 65536)
        at = time.perf_counter()
        self.seen = self.seen.split(text, 1)[1]
        return at

    def send(self, text):
        os.write(self.fd, text)

    def end(self):
        while True:
            try:
                if not os.read(self.fd, 65536):
                    break
            except OSError:
                break
        os.waitpid(self.pid, 0)
        os.close(self.fd)


def newest_psql():
    found = glob.glob("/usr/lib/postgresql/*/bin/psql") + glob.glob("/usr/pgsql-*/bin/psql")
    return max(found, key=lambda path: int("".join(c for c in path.split("/")[-3] if c.isdigit()))) if found else "psql"


def main():
    pgfob, fleet, rounds = sys.argv[1], json.load(open(sys.argv[2])), int(sys.argv[3])
    with tempfile.TemporaryDirectory(prefix="pgfob-session-") as home:
        environment = dict(
            fleet["environment"], HOME=home, PATH=os.environ["PATH"], LANG="C.UTF-8", TERM="xterm-256color",
            AWS_EC2_METADATA_DISABLED="true")

        def run(*words):
            return subprocess.run(
                [pgfob] + list(words), env=environment, check=True, text=True, stdout=subprocess.PIPE).stdout.strip()

        run("import", "--yes", fleet["profiles"])
        token = run("token", PROFILE).replace("\\", "\\\\").replace(":", "\\:")
        passfile = os.path.join(home, "ready")
        with open(os.open(passfile, os.O_WRONLY | os.O_CREAT, 0o600), "w") as file:
            file.write("*:*:*:*:%s\n" % token)
        conninfo = run("conninfo", PROFILE) + " passfile=" + passfile

        screen = Terminal([pgfob], environment)
        screen.wait(b"profiles")
        screen.send(b"/" + PROFILE.encode())
        screen.wait(b"1 of ")
        screen.send(b"\r")
        bare, ours = [], []
        for number in range(rounds + 2):
            psql = Terminal([newest_psql(), conninfo], environment)
            taken = psql.wait(PROMPT) - psql.start
            psql.send(b"\\q\n")
            psql.end()
            time.sleep(0.2)
            screen.seen = b""
            start = time.perf_counter()
            screen.send(b"\r")
            mine = screen.wait(PROMPT) - start
            screen.send(b"\\q\n")
            screen.wait(b"psql ended")
            time.sleep(0.2)
            # The first ones warm the caches of both.
            if number >= 2:
                bare.append(taken)
                ours.append(mine)
        screen.send(b"q")
        screen.end()
    print("%.1f %.1f" % (statistics.median(ours) * 1000, statistics.median(bare) * 1000))


main()
