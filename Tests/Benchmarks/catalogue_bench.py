"""What a team's catalogue of 10,000 profiles costs: the first pull, what it costs once nothing is new, the time until an
open screen shows somebody else's change, and the connections of an idle screen.

Used by Tests/bench. Everything is real: a server of demo/fleet that verifies the token, and the program.
"""
import json
import os
import subprocess
import sys
import time

import idle
from proxy_bench import HOST, TOP, program

COUNT = 10000


class CatalogueBench:
    def __init__(self, bench):
        self.bench = bench
        self.folder = os.path.join(bench.folder, "catalogue")
        os.makedirs(self.folder)
        os.chmod(bench.folder, 0o755)
        self.fleet = os.path.join(self.folder, "fleet")

    def __enter__(self):
        subprocess.run(
            [os.path.join(TOP, "demo", "fleet"), "start", "--dir", self.fleet], check=True, stdout=subprocess.DEVNULL)
        text = subprocess.run(
            [os.path.join(TOP, "demo", "fleet"), "env", "--json", "--dir", self.fleet], check=True, text=True,
            stdout=subprocess.PIPE).stdout
        self.facts = json.loads(text)
        return self

    def __exit__(self, *_):
        subprocess.run(
            [os.path.join(TOP, "demo", "fleet"), "stop", "--dir", self.fleet], stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL)

    def person(self, name):
        """An environment with a store of its own, whose profile `gate` reaches the catalogue's database."""
        home = os.path.join(self.folder, name)
        os.makedirs(home)
        environment = dict(self.bench.environment, HOME=home, **self.facts["environment"])
        address = next(e["address"] for e in self.facts["endpoints"] if e["host"] == HOST)
        self.run(
            environment, "add", "--name", "gate", "--host", HOST, "--user", "iam_dba", "--database", "billing",
            "--aws-profile", "acme-prod", "--dial", address, "--sslrootcert", self.facts["bundle"])
        return environment

    def run(self, environment, *words, **more):
        done = subprocess.run(
            [self.bench.pgfob] + list(words), env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            **more)
        if done.returncode != 0:
            raise SystemExit("pgfob %s: %s" % (" ".join(words), done.stderr))
        return done.stdout

    def timed(self, environment, *words):
        start = time.perf_counter()
        self.run(environment, *words)
        return time.perf_counter() - start

    def connections(self):
        server = next(s for s in self.facts["servers"] if s["name"] == "billing-1")
        text = subprocess.run(
            [program("psql"), "-h", server["folder"], "-U", "rdsadmin", "-d", "billing", "-Atc",
             "SELECT count(*) FROM pg_stat_activity WHERE application_name LIKE 'pgfob%'"],
            check=True, text=True, stdout=subprocess.PIPE).stdout
        return int(text)


def measure(bench):
    report = bench.report
    with CatalogueBench(bench) as team:
        ann = team.person("ann")
        lines = [json.dumps({
            "name": "shared-%05d" % n, "environment": ("prod", "stage", "dev")[n % 3], "group": "team-%d" % (n % 17),
            "tags": ["pci", "eu"] if n % 3 == 0 else [], "user": "iam_dba", "database": "orders",
            "host": "orders-%d.cluster-c%dx9abcdefgh.eu-west-1.rds.amazonaws.com" % (n, n % 97),
        }) for n in range(COUNT)]
        team.run(ann, "import", "--format", "json", "-", input="\n".join(lines))
        team.run(ann, "catalogue", "init", "gate")
        pushed = team.timed(ann, "catalogue", "push", "--all")
        report("catalogue: push of %d" % COUNT, "%.2f" % pushed, "5", "s", pushed / 5, 1, False)
        first = []
        for number in range(2 if bench.quick else 5):
            first.append(team.timed(team.person("pull%d" % number), "catalogue", "pull", "--through", "gate"))
        first = sorted(first)[len(first) // 2]
        report("catalogue: first pull of %d" % COUNT, "%.2f" % first, "2", "s", first / 2, 1, False)
        ben = team.person("ben")
        team.run(ben, "catalogue", "pull", "--through", "gate")
        again = team.timed(ben, "catalogue", "pull")
        report("catalogue: a pull of nothing", "%.2f" % again, "1", "s", again, 1, False)
        terminal = idle.Terminal([bench.pgfob], ben)
        try:
            terminal.until(b"shared-0")
            end = time.monotonic() + 30
            while team.connections() < 1:
                if time.monotonic() > end:
                    raise SystemExit("the screen does not listen")
                time.sleep(0.05)
            terminal.quiet()
            report("catalogue: connections of a screen", team.connections(), 1, "", team.connections(), 1, False)
            delays = []
            for letter in "zyxwvutsrq"[:3 if bench.quick else 10]:
                # A painter writes what differs alone: the new first row is another letter all through.
                name = "0" + letter * 12
                team.run(ann, "add", "--name", name, "--env", "prod", "--host", "x.example", "--auth", "none")
                terminal.text = b""
                team.run(ann, "catalogue", "push", name)
                sent = time.perf_counter()
                terminal.until(letter.encode() * 12)
                delays.append(time.perf_counter() - sent)
                terminal.quiet()
            slowest = max(delays)
            report("catalogue: a change on a screen", "%.2f" % slowest, "1", "s", slowest, 1, False)
        finally:
            terminal.close()
