"""Discovery of 2,000 clusters, against botocore making the same calls of the same server in the same run."""
import json
import os
import statistics
import subprocess
import sys
import time

CLUSTERS = 2000
BOTOCORE = """
import sys, time
import botocore.session
client = botocore.session.Session().create_client("rds", region_name="eu-west-1", endpoint_url=sys.argv[1])
engines = [{"Name": "engine", "Values": ["aurora-postgresql", "postgres"]}]
start = time.perf_counter()
count = 0
for action, key, more in (
        ("describe_db_clusters", "DBClusters", {"Filters": engines}),
        ("describe_db_instances", "DBInstances", {"Filters": engines}),
        ("describe_db_cluster_endpoints", "DBClusterEndpoints", {}),
        ("describe_db_proxies", "DBProxies", {}), ("describe_global_clusters", "GlobalClusters", {})):
    for page in client.get_paginator(action).paginate(PaginationConfig={"PageSize": 100}, **more):
        count += len(page[key])
print(time.perf_counter() - start, count)
"""


def measure(bench, python, top):
    server = subprocess.Popen(
        [python, os.path.join(top, "Tests", "Servers", "rds.py"), "--clusters", str(CLUSTERS)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        address = "http://127.0.0.1:%d" % json.loads(server.stdout.readline())["port"]
        environment = dict(
            bench.environment, AWS_ENDPOINT_URL=address, AWS_ACCESS_KEY_ID="AK", AWS_SECRET_ACCESS_KEY="s",
            AWS_REGION="eu-west-1")

        def theirs():
            out = subprocess.run(
                [python, "-c", BOTOCORE, address], env=environment, check=True, text=True, stdout=subprocess.PIPE).stdout
            seconds, count = out.split()
            if int(count) < CLUSTERS * 3:
                raise SystemExit("botocore found %s" % count)
            return float(seconds)

        def ours():
            """The whole program, from its start to the last line it prints; and its largest resident size."""
            path = os.path.join(bench.folder, "discovered")
            start = time.perf_counter()
            with open(path, "w") as file:
                child = subprocess.Popen(
                    [bench.pgfob, "discover", "--user", "jo", "--dry-run", "--json"], env=environment, stdout=file)
                _, status, usage = os.wait4(child.pid, 0)
            seconds = time.perf_counter() - start
            found = sum(1 for _ in open(path))
            if status != 0 or found < CLUSTERS * 4:
                raise SystemExit("pgfob found %d, and ended with %d" % (found, status))
            return seconds, usage.ru_maxrss / 1024

        # The server makes its pages once: what is measured is who reads them.
        theirs(), ours()
        rounds = 3 if bench.quick else 5
        slow, fast = [], []
        for _ in range(rounds):
            slow.append(theirs())
            fast.append(ours())
        seconds, memory = statistics.median(each[0] for each in fast), max(each[1] for each in fast)
        bench.report(
            "discover, %d clusters" % CLUSTERS, "%.2f" % seconds, "%.2f" % statistics.median(slow), "s",
            seconds / statistics.median(slow), 1, False)
        bench.report("discover, resident", "%.1f" % memory, "80", "MB", memory / 80, 1, False)
    finally:
        server.stdin.close()
        server.wait(10)
        sys.stdout.flush()
