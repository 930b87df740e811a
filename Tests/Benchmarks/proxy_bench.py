"""What `pgfob proxy` costs: the same work through it and straight over TLS, by turns within one run.

Used by Tests/bench. Everything is real: a server of demo/fleet that verifies the token, pgbench and psql.
"""
import glob
import os
import re
import signal
import socket
import statistics
import struct
import subprocess
import sys
import time

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.realpath(__file__))))
HOST = "billing.cluster-c7k2abcdefgh.us-west-2.rds.amazonaws.com"
USER, DATABASE = "jane_doe", "billing"


def program(name):
    """Debian's own are wrappers in Perl."""
    found = sorted(glob.glob("/usr/lib/postgresql/*/bin/" + name))
    return found[-1] if found else name


class ProxyBench:
    def __init__(self, bench):
        self.bench = bench
        self.folder = os.path.join(bench.folder, "proxy")
        os.makedirs(self.folder)
        os.chmod(bench.folder, 0o755)
        self.fleet = os.path.join(self.folder, "fleet")
        self.environment = dict(bench.environment, XDG_RUNTIME_DIR=self.folder, PATH=os.environ["PATH"])
        self.proxy = None

    def run(self, argv, **more):
        return subprocess.run(argv, env=self.environment, check=True, text=True, stdout=subprocess.PIPE, **more).stdout

    def __enter__(self):
        try:
            self.start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        if self.proxy:
            self.proxy.send_signal(signal.SIGTERM)
            self.proxy.wait()
        fleet = [os.path.join(TOP, "demo", "fleet"), "stop", "--dir", self.fleet]
        subprocess.run(fleet, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def start(self):
        command = os.path.join(TOP, "demo", "fleet")
        self.run([command, "start", "--dir", self.fleet])
        sys.path.insert(0, os.path.join(TOP, "demo", "lib"))
        import layout
        import servers
        server = next(s for s in layout.load(self.fleet)["servers"] if s["name"] == "billing-1")
        # Room for many sessions, and for the table.
        servers.end(server)
        with open(os.path.join(server["folder"], "data", "postgresql.conf"), "a") as file:
            file.write("max_connections=700\nshared_buffers=128MB\nlog_connections=off\n")
        self.run([command, "start", "--dir", self.fleet])
        self.server = server
        admin = ["-h", server["folder"], "-U", "rdsadmin"]
        subprocess.run(
            [program("pgbench"), "-i", "-q", "-s", "10"] + admin + [DATABASE], env=self.environment, check=True,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.run([program("psql")] + admin + [
            "-d", DATABASE, "-qc", "grant all on all tables in schema public to public",
            "-c", "create unlogged table copied (like pgbench_accounts)", "-c", "grant all on copied to public"])
        aws = self.run([command, "env", "--json", "--dir", self.fleet])
        import json
        self.environment.update(json.loads(aws)["environment"])
        bundle = json.loads(aws)["bundle"]
        self.run([
            self.bench.pgfob, "add", "--name", "bench", "--host", HOST, "--dial", server["address"], "--user", USER,
            "--database", DATABASE, "--aws-profile", "acme-dev", "--sslrootcert", bundle])
        token = self.run([self.bench.pgfob, "token", "bench"]).strip()
        self.proxy = subprocess.Popen(
            [self.bench.pgfob, "proxy", "bench"], env=self.environment, text=True, stdout=subprocess.PIPE)
        through = self.proxy.stdout.readline().strip()
        direct = "host=%s hostaddr=%s port=5432 user=%s dbname=%s sslmode=verify-full sslrootcert=%s" % (
            HOST, server["address"], USER, DATABASE, bundle)
        self.ways = {"direct": (direct, dict(self.environment, PGPASSWORD=token)), "proxy": (through, self.environment)}
        self.socket = re.search("host=(\\S+)", through).group(1) + "/.s.PGSQL.5432"

    def by_turns(self, rounds, measure):
        """Medians of both ways; which one goes first changes."""
        taken = {"direct": [], "proxy": []}
        for number in range(rounds):
            for way in sorted(taken, reverse=number % 2 == 1):
                taken[way].append(measure(*self.ways[way]))
        return {way: statistics.median(found) for way, found in taken.items()}

    def pgbench(self, conninfo, environment, options):
        done = subprocess.run(
            [program("pgbench"), "-n", "-S"] + options + [conninfo], env=environment, check=True, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        return done.stdout

    def transactions(self):
        seconds, rounds = ("2", 3) if self.bench.quick else ("5", 5)
        # pgbench's default is one thread; two of them leave less of two processors to everybody else.
        for clients, threads in ((1, 1), (8, 1), (32, 1), (8, 2), (32, 2)):
            options = ["-c", str(clients), "-j", str(threads), "-T", seconds]

            def measure(conninfo, environment):
                text = self.pgbench(conninfo, environment, options)
                return float(re.search(r"tps = ([\d.]+)", text).group(1))

            found = self.by_turns(rounds, measure)
            self.bench.report(
                "pgbench -S -c %d -j %d" % (clients, threads), "%.0f" % found["proxy"], "%.0f" % found["direct"], "tps",
                found["proxy"] / found["direct"], 0.85, True)

    def copies(self):
        rounds = 3 if self.bench.quick else 5
        path = os.path.join(self.folder, "copied")
        psql = program("psql")

        def out(conninfo, environment):
            start = time.perf_counter()
            with open(path, "w") as file:
                subprocess.run(
                    [psql, "-X", "-c", "copy pgbench_accounts to stdout", conninfo], env=environment, check=True,
                    stdout=file)
            return time.perf_counter() - start

        def back(conninfo, environment):
            subprocess.run([psql, "-qX", "-c", "truncate copied", conninfo], env=environment, check=True)
            start = time.perf_counter()
            with open(path) as file:
                subprocess.run(
                    [psql, "-qX", "-c", "copy copied from stdin", conninfo], env=environment, check=True, stdin=file)
            return time.perf_counter() - start

        for what, measure in (("COPY to the client", out), ("COPY to the server", back)):
            found = self.by_turns(rounds, measure)
            size = os.path.getsize(path) / 1e6
            self.bench.report(
                what, "%.0f" % (size / found["proxy"]), "%.0f" % (size / found["direct"]), "MB/s",
                found["direct"] / found["proxy"], 0.8, True)

    def connections(self):
        count, rounds = ("50", 3) if self.bench.quick else ("200", 5)

        def measure(conninfo, environment):
            text = self.pgbench(conninfo, environment, ["-C", "-c", "1", "-t", count])
            return float(re.search(r"average connection time = ([\d.]+) ms", text).group(1))

        found = self.by_turns(rounds, measure)
        more = found["proxy"] - found["direct"]
        self.bench.report(
            "a new connection, more than direct", "%.2f" % found["proxy"], "%.2f" % found["direct"], "ms", more, 2, False)

    def idle(self):
        packet = b"\0\3\0\0user\0" + USER.encode() + b"\0database\0" + DATABASE.encode() + b"\0\0"
        packet = struct.pack("!I", len(packet) + 4) + packet
        held = []
        for _ in range(500):
            client = socket.socket(socket.AF_UNIX)
            client.connect(self.socket)
            client.sendall(packet)
            answer = b""
            # ReadyForQuery.
            while b"Z\0\0\0\5I" not in answer:
                more = client.recv(4096)
                if not more:
                    raise SystemExit("the proxy refused a session: %r" % answer)
                answer += more
            held.append(client)
        with open("/proc/%d/status" % self.proxy.pid) as file:
            resident = int(re.search(r"VmRSS:\s+(\d+)", file.read()).group(1)) / 1024
        for client in held:
            client.close()
        self.bench.report("500 idle sessions, resident", "%.0f" % resident, "100", "MB", resident / 100, 1, False)


def measure(bench):
    with ProxyBench(bench) as proxy:
        proxy.connections()
        proxy.transactions()
        proxy.copies()
        proxy.idle()
