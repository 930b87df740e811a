"""Many logins at once: pgfob test --all against libpq alone and against xargs psql, on one server under 200 names."""
import itertools
import json
import os
import random
import subprocess
import sys
import time

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.realpath(__file__))
SERVERS = os.path.join(os.path.dirname(HERE), "Servers")
NAMES = 200
WINDOW = 32


class Fleet:
    """A private server (Tests/Servers/private.py) under many names, a store with a profile for each, and their tokens."""

    def __init__(self, folder, pgfob, environment):
        self.folder, self.pgfob = folder, pgfob
        os.chmod(folder, 0o755)
        self.server = subprocess.Popen(
            [sys.executable, os.path.join(SERVERS, "private.py"), os.path.join(folder, "server"), str(NAMES)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.facts = json.loads(self.server.stdout.readline())
        self.environment = dict(environment, **self.facts["environment"])
        self.environment["PGFOB_STORE"] = os.path.join(folder, "fleet.db")
        server = self.facts["servers"][0]
        self.hosts = [h for h in server["hosts"] if h.startswith("db-")]
        self.address = server["address"]
        self.store(self.hosts, self.address)

    def store(self, hosts, dial, **more):
        rows = [dict({
            "name": host.split(".")[0], "host": host, "user": "iam_dba", "database": "billing", "dial": dial,
            "aws_profile": "acme-prod", "sslrootcert": self.facts["bundle"]}, **more) for host in hosts]
        subprocess.run(
            [self.pgfob, "import", "--format", "json", "-"], env=self.environment, check=True, text=True,
            input="\n".join(json.dumps(row) for row in rows), stdout=subprocess.DEVNULL)

    def conninfo(self, host):
        return "host=%s hostaddr=%s user=iam_dba dbname=billing sslmode=verify-full sslrootcert=%s" % (
            host, self.address, self.facts["bundle"])

    def tokens(self):
        """What the others log in with: made beforehand, which pgfob does while it is measured."""
        lines, passwords = [], []
        for host in self.hosts:
            token = subprocess.run(
                [self.pgfob, "token", host.split(".")[0]], env=self.environment, check=True, text=True,
                stdout=subprocess.PIPE).stdout.strip()
            lines.append("%s\t%s\n" % (self.conninfo(host), token))
            escaped = token.replace("\\", "\\\\").replace(":", "\\:")
            passwords.append("%s:*:*:iam_dba:%s\n" % (host, escaped))
        for name, text in (("logins", lines), ("pgpass", passwords)):
            with open(os.path.join(self.folder, name), "w") as file:
                os.fchmod(file.fileno(), 0o600)
                file.writelines(text)

    def end(self):
        self.server.stdin.close()
        self.server.wait(60)

    # -- what is measured, in seconds

    def ours(self):
        start = time.perf_counter()
        done = subprocess.run(
            [self.pgfob, "test", "--all", "--json", "--jobs", str(WINDOW)], env=self.environment, text=True,
            stdout=subprocess.PIPE)
        taken = time.perf_counter() - start
        good = done.stdout.count('"outcome":"ok","failed_stage"')
        if good != len(self.hosts):
            raise SystemExit("pgfob test: %d of %d are ok\n%s" % (good, len(self.hosts), done.stdout[:2000]))
        return taken

    def bare(self):
        binary = os.path.join(self.folder, "bare-logins")
        if not os.path.exists(binary):
            include = subprocess.run(["pg_config", "--includedir"], text=True, stdout=subprocess.PIPE).stdout.strip()
            subprocess.run(
                ["cc", "-O2", "-I", include or "/usr/include/postgresql", "-o", binary,
                 os.path.join(HERE, "logins.c"), "-lpq"], check=True)
        with open(os.path.join(self.folder, "logins")) as lines:
            start = time.perf_counter()
            good = subprocess.run([binary, str(WINDOW)], stdin=lines, text=True, stdout=subprocess.PIPE).stdout
            taken = time.perf_counter() - start
        if int(good) != len(self.hosts):
            raise SystemExit("libpq alone: %s logins are good" % good.strip())
        return taken

    def xargs(self, psql):
        environment = {"PATH": os.environ["PATH"], "HOME": self.folder, "LANG": "C.UTF-8",
                       "PGPASSFILE": os.path.join(self.folder, "pgpass")}
        lines = "".join("%s\n" % self.conninfo(host) for host in self.hosts)
        start = time.perf_counter()
        done = subprocess.run(
            ["xargs", "-P", "16", "-d", "\n", "-I", "{}", psql, "{}", "-w", "-At", "-c", "select 1"],
            env=environment, input=lines, text=True, stdout=subprocess.PIPE)
        taken = time.perf_counter() - start
        if done.stdout.count("1\n") != len(self.hosts):
            raise SystemExit("xargs psql: %d logins are good" % done.stdout.count("1\n"))
        return taken

    def silent(self):
        """100 profiles behind a port that says nothing."""
        faults = subprocess.Popen(
            [sys.executable, os.path.join(SERVERS, "faults.py"), self.folder, "it=silent"], stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, text=True)
        port = faults.stdout.readline().split()[1]
        self.environment["PGFOB_STORE"] = os.path.join(self.folder, "silent.db")
        self.store(self.hosts[:100], "127.0.0.1:" + port)
        start = time.perf_counter()
        done = subprocess.run(
            [self.pgfob, "test", "--all", "--json", "--jobs", "100", "--timeout", "2"], env=self.environment,
            text=True, stdout=subprocess.PIPE)
        taken = time.perf_counter() - start
        faults.stdin.close()
        faults.wait(10)
        if done.stdout.count('"tls-timeout"') < 100:
            raise SystemExit("the silent port gave something else: " + done.stdout[:1000])
        return taken

    def many(self, count):
        """A store of so many profiles, several for each of the server's names."""
        self.environment["PGFOB_STORE"] = os.path.join(self.folder, "many.db")
        if os.path.exists(self.environment["PGFOB_STORE"]):
            return
        names = ["m%03d-%s" % (number, self.hosts[number % NAMES]) for number in range(count)]
        # The profile's name is the host's first word; the host itself is one of the server's.
        rows = [json.dumps({
            "name": name.split(".")[0], "host": name.split("-", 1)[1], "user": "iam_dba", "database": "billing",
            "dial": self.address, "aws_profile": "acme-prod", "sslrootcert": self.facts["bundle"]})
            for name in names]
        subprocess.run([self.pgfob, "import", "--format", "json", "-"], env=self.environment, check=True, text=True,
                       input="\n".join(rows), stdout=subprocess.DEVNULL)

    def memory(self, count=500):
        """The most memory that testing so many took, in MB."""
        self.many(count)
        child = subprocess.Popen(
            [self.pgfob, "test", "--all", "--json", "--jobs", str(WINDOW)], env=self.environment,
            stdout=subprocess.DEVNULL)
        _, _, usage = os.wait4(child.pid, 0)
        return usage.ru_maxrss / 1024

    def keys(self, rounds=4, count=500):
        """What a key takes to the cursor's new row on the terminal while so many profiles are tested: milliseconds, in order.

        What the terminal got is looked at afterwards: an emulator beside the program would take its time.
        """
        import tty_bench
        self.many(count)
        environment = dict(self.environment, TERM="xterm-256color", LANG="C.UTF-8")
        terminal, vt = tty_bench.Term([self.pgfob], 120, 40, environment, None, True), tty_bench.Vt(120, 40)
        dice, pressed, fed = random.Random(5), [], 0
        try:
            for turn in range(rounds):
                # The first time for the list, then for the end of the round before.
                fed = self.shown(terminal, vt, fed, "m000" if turn == 0 else "tested %d" % count)
                terminal.until_quiet(0.3, 10)
                terminal.write(b"T")
                end = time.monotonic() + 3
                for key in itertools.cycle((b"j", b"k")):
                    next_one = time.monotonic() + dice.uniform(0.03, 0.06)
                    while time.monotonic() < next_one:
                        terminal.poll(max(0, next_one - time.monotonic()))
                    if time.monotonic() > end and key == b"j":
                        break
                    pressed.append(time.monotonic() - terminal.t0)
                    terminal.write(key)
                # The status line of this round, not of the one before.
                fed = self.shown(terminal, vt, fed, "testing %d" % count)
        finally:
            terminal.close()
        return self.answers(tty_bench.Vt(120, 40), terminal.log, pressed)

    @staticmethod
    def shown(terminal, vt, fed, words):
        """Reads on until the words are shown; fed is how much the emulator has had."""
        end = time.monotonic() + 60
        while True:
            for _, data in terminal.log[fed:]:
                vt.feed(data)
                fed += 1
                if words in vt.text():
                    return fed
            if time.monotonic() > end:
                raise SystemExit("%r was never shown:\n%s" % (words, vt.text()))
            terminal.poll(0.1)

    @staticmethod
    def answers(vt, log, pressed):
        """How long each key that was pressed during the tests took until the cursor stood elsewhere."""
        taken, lost, waiting, cursor = [], 0, list(pressed), None
        for at, data in log:
            testing = any(line.lstrip().startswith("testing ") for line in vt.screen.display[-3:])
            vt.feed(data)
            row = next((row for row, line in enumerate(vt.screen.display) if line.startswith(">")), None)
            if row == cursor:
                continue
            cursor = row
            if waiting and waiting[0] <= at:
                # A frame that answers several shows the last one's row.
                while len(waiting) > 1 and waiting[1] <= at:
                    lost += 1
                    waiting.pop(0)
                since = waiting.pop(0)
                if testing:
                    taken.append((at - since) * 1000)
        if len(taken) < 20 or lost > len(pressed) / 10:
            raise SystemExit("%d keys were answered and %d were not seen to be" % (len(taken), lost))
        return sorted(taken)
