#!/usr/bin/env python3
"""The RDS API as far as discovery needs it, with any number of clusters, in pages as AWS cuts them.

    rds.py [--clusters N]      prints one line of JSON once it listens: the port

What moto lacks: custom endpoints, proxies, global clusters, pages of clusters, throttling, regions that are not
enabled. `POST /control` takes JSON: {"throttle": {"eu-west-1": 3}, "closed": ["ap-east-1"], "denied": ["DescribeDBProxies"],
"renamed": {...}, "gone": [...], "deleting": [...], "clusters": N}. Signatures are not verified here: moto does that.
"""
import base64
import http.server
import json
import re
import select
import sys
import threading
import urllib.parse
from xml.sax.saxutils import escape

ACCOUNT = "123456789012"
STATE = {"clusters": 3, "throttle": {}, "closed": [], "denied": [], "expired": False, "gone": [], "deleting": [], "version": "16.4", "calls": {}}
LOCK = threading.Lock()
CACHE = {}


def tag(name, value):
    return "<%s>%s</%s>" % (name, escape(str(value)), name)


def status(name):
    return "deleting" if name in STATE["deleting"] else "available"


def cluster(region, number):
    name = "c%05d" % number
    host = "%s.cluster-c1x9.%s.rds.amazonaws.com" % (name, region)
    arn = "arn:aws:rds:%s:%s:cluster:%s" % (region, ACCOUNT, name)
    members = "".join(
        "<DBClusterMember>%s%s</DBClusterMember>" % (
            tag("DBInstanceIdentifier", "%s-%d" % (name, n)), tag("IsClusterWriter", "true" if n == 1 else "false"))
        for n in (1, 2))
    padding = "".join(tag("Unused%d" % n, "something that nobody reads") for n in range(30))
    return "<DBCluster>" + tag("DBClusterIdentifier", name) + tag("DBClusterArn", arn) + padding + \
        tag("Engine", "aurora-postgresql") + tag("EngineVersion", STATE["version"]) + tag("Endpoint", host) + \
        tag("ReaderEndpoint", host.replace(".cluster-", ".cluster-ro-")) + tag("Port", 5432 + number % 2) + \
        tag("DatabaseName", "app") + tag("MasterUsername", "dba") + tag("Status", status(name)) + \
        tag("IAMDatabaseAuthenticationEnabled", "true" if number % 3 else "false") + \
        tag("DbClusterResourceId", "cluster-R%05d" % number) + "<DBClusterMembers>%s</DBClusterMembers>" % members + \
        "<TagList><Tag>%s%s</Tag><Tag>%s%s</Tag></TagList></DBCluster>" % (
            tag("Key", "env"), tag("Value", "prod" if number % 2 else "stage"), tag("Key", "team"), tag("Value", "a & b"))


def instance(region, number, member):
    name = "c%05d-%d" % (number, member)
    return "<DBInstance>" + tag("DBInstanceIdentifier", name) + tag("DBInstanceStatus", status(name)) + \
        tag("Engine", "aurora-postgresql") + \
        tag("EngineVersion", STATE["version"]) + tag("MasterUsername", "dba") + tag("DBName", "app") + \
        "<Endpoint>%s%s</Endpoint>" % (tag("Address", "%s.c1x9.%s.rds.amazonaws.com" % (name, region)), tag("Port", 5432)) + \
        tag("DBClusterIdentifier", "c%05d" % number) + tag("DbiResourceId", "db-%05d%d" % (number, member)) + \
        tag("DBInstanceArn", "arn:aws:rds:%s:%s:db:%s" % (region, ACCOUNT, name)) + \
        tag("IAMDatabaseAuthenticationEnabled", "false") + "<TagList/></DBInstance>"


def custom(region, number):
    return "<DBClusterEndpointList>" + tag("DBClusterIdentifier", "c%05d" % number) + tag("EndpointType", "CUSTOM") + \
        tag("DBClusterEndpointArn", "arn:aws:rds:%s:%s:cluster-endpoint:reports%d" % (region, ACCOUNT, number)) + \
        tag("Endpoint", "reports%d.cluster-custom-c1x9.%s.rds.amazonaws.com" % (number, region)) + \
        tag("Status", status("reports%d" % number)) + "</DBClusterEndpointList>"


def proxy(region):
    return "<member>" + tag("DBProxyName", "pool") + tag("Status", status("pool")) + tag("EngineFamily", "POSTGRESQL") + \
        tag("DBProxyArn", "arn:aws:rds:%s:%s:db-proxy:prx-1" % (region, ACCOUNT)) + \
        tag("Endpoint", "pool.proxy-c1x9.%s.rds.amazonaws.com" % region) + \
        "<Auth><member>%s</member></Auth></member>" % tag("IAMAuth", "REQUIRED")


def world():
    return "<GlobalClusterMember>" + tag("GlobalClusterIdentifier", "world") + tag("Engine", "aurora-postgresql") + \
        tag("EngineVersion", STATE["version"]) + tag("GlobalClusterResourceId", "cluster-world") + \
        tag("GlobalClusterArn", "arn:aws:rds::%s:global-cluster:world" % ACCOUNT) + \
        tag("Endpoint", "world.global-abc.global.rds.amazonaws.com") + tag("DatabaseName", "app") + \
        "<GlobalClusterMembers><GlobalClusterMember>%s%s</GlobalClusterMember></GlobalClusterMembers></GlobalClusterMember>" % (
            tag("DBClusterArn", "arn:aws:rds:eu-west-1:%s:cluster:c00001" % ACCOUNT), tag("IsWriter", "true"))


def items(action, region):
    numbers = [n for n in range(STATE["clusters"]) if "c%05d" % n not in STATE["gone"]]
    if action == "DescribeDBClusters":
        return "DBClusters", [lambda n=n: cluster(region, n) for n in numbers]
    if action == "DescribeDBInstances":
        return "DBInstances", [lambda n=n, m=m: instance(region, n, m) for n in numbers for m in (1, 2)]
    if action == "DescribeDBClusterEndpoints":
        return "DBClusterEndpoints", [lambda n=n: custom(region, n) for n in numbers if n % 10 == 0]
    if action == "DescribeDBProxies":
        return "DBProxies", [lambda: proxy(region)] if numbers else []
    return "GlobalClusters", [world] if numbers else []


def page(action, region, marker, size):
    """Cached, so that what is measured is the reader and not this."""
    key = (action, region, marker, size, STATE["clusters"], STATE["version"], tuple(STATE["gone"]), tuple(STATE["deleting"]))
    if key not in CACHE:
        name, makers = items(action, region)
        start = int(base64.b64decode(marker)) if marker else 0
        rest = start + size
        next_marker = tag("Marker", base64.b64encode(str(rest).encode()).decode()) if rest < len(makers) else ""
        CACHE[key] = ("<%sResponse xmlns=\"http://rds.amazonaws.com/doc/2014-10-31/\"><%sResult>%s<%s>%s</%s></%sResult>"
                      "<ResponseMetadata><RequestId>r</RequestId></ResponseMetadata></%sResponse>" % (
                          action, action, next_marker, name, "".join(make() for make in makers[start:rest]), name,
                          action, action)).encode()
    return CACHE[key]


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *arguments):
        pass

    def answer(self, status, body, kind="text/xml"):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def error(self, status, code, message):
        self.answer(status, ("<ErrorResponse><Error><Type>Sender</Type>%s%s</Error></ErrorResponse>" % (
            tag("Code", code), tag("Message", message))).encode())

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        if self.path == "/control":
            with LOCK:
                STATE.update(json.loads(body))
            return self.answer(200, b"{}", "application/json")
        fields = dict(urllib.parse.parse_qsl(body))
        scope = re.search(r"Credential=[^/]+/\d+/([^/]+)/([^/]+)/", self.headers.get("Authorization") or "")
        region, action = (scope.group(1) if scope else "us-east-1"), fields.get("Action", "")
        if action == "GetCallerIdentity":
            return self.answer(200, ("<GetCallerIdentityResponse><GetCallerIdentityResult>%s%s%s</GetCallerIdentityResult>"
                                     "</GetCallerIdentityResponse>" % (
                                         tag("Arn", "arn:aws:iam::%s:user/jo" % ACCOUNT), tag("UserId", "U"),
                                         tag("Account", ACCOUNT))).encode())
        if action == "DescribeRegions":
            names = ["ap-northeast-1", "eu-central-1", "eu-west-1", "us-east-1"]
            return self.answer(200, ("<DescribeRegionsResponse><requestId>r</requestId><regionInfo>%s</regionInfo>"
                                     "</DescribeRegionsResponse>" % "".join(
                                         "<item>%s</item>" % tag("regionName", name) for name in names)).encode())
        with LOCK:
            STATE["calls"][action] = STATE["calls"].get(action, 0) + 1
            left = STATE["throttle"].get(region, 0)
            if left:
                STATE["throttle"][region] = left - 1
        if STATE["expired"]:
            return self.error(403, "ExpiredToken", "The security token included in the request is expired")
        if region in STATE["closed"]:
            return self.error(403, "InvalidClientTokenId", "The security token included in the request is invalid.")
        if left:
            return self.error(400, "Throttling", "Rate exceeded")
        if action in STATE["denied"]:
            return self.error(403, "AccessDenied", "not authorized to perform: rds:%s" % action)
        self.answer(200, page(action, region, fields.get("Marker"), int(fields.get("MaxRecords", 100))))


def main():
    if "--clusters" in sys.argv:
        STATE["clusters"] = int(sys.argv[sys.argv.index("--clusters") + 1])
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(json.dumps({"port": server.server_address[1]}), flush=True)
    # Whoever started it holds the other end: it goes with them.
    select.select([sys.stdin], [], [])


if __name__ == "__main__":
    main()
