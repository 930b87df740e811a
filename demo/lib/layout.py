"""What the fleet consists of: clusters, endpoints, users, keys. Data, and the files made of it."""
import json
import os
import secrets

PORT = 5432


class Trouble(Exception):
    """Something that the user has to know, in one line with what to do."""


# One cluster a row: its region, the id in its endpoints, and its databases.
CLUSTERS = [
    {"name": "orders", "region": "eu-west-1", "id": "c1x9abcdefgh", "databases": ["orders"]},
    {"name": "billing", "region": "us-west-2", "id": "c7k2abcdefgh", "databases": ["billing"]},
]

# Members of rds_iam log in by token alone; app_password has a password and is no member.
IAM_USERS = ["iam_dba", "iam_ro", "jane_doe", "app_orders"]
PASSWORD_USER = ("app_password", "correct horse battery staple")


def host(cluster, kind):
    prefix = {"writer": "cluster-", "reader": "cluster-ro-", "instance": ""}[kind.split(":")[0]]
    label = cluster["name"] if ":" not in kind else "%s-%s" % (cluster["name"], kind.split(":")[1])
    return "%s.%s%s.%s.rds.amazonaws.com" % (label, prefix, cluster["id"], cluster["region"])


def describe(folder, slot):
    """The fleet as one object: what `demo/fleet env --json` prints."""
    servers, endpoints = [], []
    number = 1
    for cluster in CLUSTERS:
        nodes = ["writer", "reader"] if cluster["name"] == "orders" else ["writer"]
        for role in nodes:
            address = "127.0.%d.%d" % (10 + slot, number)
            name = "%s-%d" % (cluster["name"], nodes.index(role) + 1)
            server = {
                "name": name, "cluster": cluster["name"], "role": role, "region": cluster["region"],
                "address": address, "port": PORT, "folder": os.path.join(folder, name),
                "instance": host(cluster, "instance:%d" % (nodes.index(role) + 1)),
            }
            server["hosts"] = [server["instance"], host(cluster, role)]
            # A reader endpoint without a replica goes to the writer, as on Aurora.
            if len(nodes) == 1:
                server["hosts"].append(host(cluster, "reader"))
            servers.append(server)
            for name_of in server["hosts"]:
                shown = "reader" if ".cluster-ro-" in name_of else "writer" if ".cluster-" in name_of else "instance"
                endpoints.append({
                    "host": name_of, "port": PORT, "address": address, "role": role, "kind": shown,
                    "cluster": cluster["name"], "region": cluster["region"], "server": name,
                })
            number += 1
    files = {
        "AWS_CONFIG_FILE": os.path.join(folder, "aws-config"),
        "AWS_SHARED_CREDENTIALS_FILE": os.path.join(folder, "aws-credentials"),
    }
    return {
        "dir": folder, "slot": slot, "bundle": os.path.join(folder, "global-bundle.pem"),
        "other_bundle": os.path.join(folder, "other-bundle.pem"),
        "servers": servers, "endpoints": endpoints, "iam_users": IAM_USERS, "locked_user": "iam_locked",
        "password_user": PASSWORD_USER[0], "password": PASSWORD_USER[1], "environment": files,
        "profiles": os.path.join(folder, "profiles.jsonl"),
    }


def make_keys():
    """Access keys of this fleet: made up at every creation, so that none can be mistaken for a real one."""
    def key(prefix, session):
        return {
            "id": prefix + secrets.token_hex(8).upper(), "secret": secrets.token_urlsafe(30),
            "session": secrets.token_urlsafe(600) + "==" if session else "",
        }
    return {"acme-prod": key("ASIA", True), "acme-dev": key("AKIA", False), "acme-nothing": key("AKIA", False)}


def write(path, text, mode=0o600):
    temporary = "%s.new" % path
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
    os.replace(temporary, path)


def write_aws_files(fleet, keys):
    config, credentials = [], []
    for name, key in keys.items():
        config.append("[profile %s]\nregion = eu-west-1\n" % name)
        session = "aws_session_token = %s\n" % key["session"] if key["session"] else ""
        credentials.append(
            "[%s]\naws_access_key_id = %s\naws_secret_access_key = %s\n%s"
            % (name, key["id"], key["secret"], session))
    write(fleet["environment"]["AWS_CONFIG_FILE"], "\n".join(config))
    write(fleet["environment"]["AWS_SHARED_CREDENTIALS_FILE"], "\n".join(credentials))


def iam_conf(server, keys):
    lines = ["region %s" % server["region"]]
    lines += ["endpoint %s:%d" % (name, PORT) for name in server["hosts"]]
    for name, key in keys.items():
        lines.append("key %s %s %s" % (key["id"], key["secret"], key["session"]))
        if name != "acme-nothing":
            lines.append("allow %s iam_*,jane_doe,app_*" % key["id"])
    return "\n".join(lines) + "\n"


def load(folder):
    try:
        with open(os.path.join(folder, "fleet.json")) as file:
            return json.load(file)
    except (OSError, ValueError):
        raise Trouble("no fleet in %s: run `demo/fleet start`" % folder)


def profile(name, host_name, user, database, **more):
    return dict({"name": name, "host": host_name, "user": user, "database": database}, **more)


def write_profiles(fleet):
    """Profiles for pgfob: those of the fleet, dialled by address, and others that fill the list."""
    rows = []
    real = [
        ("orders-writer", "orders", "writer", "iam_dba", "prod", ["pci", "eu"]),
        ("orders-reader", "orders", "reader", "iam_ro", "prod", ["pci", "eu"]),
        ("billing-writer", "billing", "writer", "iam_dba", "prod", ["pci"]),
        ("orders-stg", "orders", "writer", "jane_doe", "stage", []),
        ("billing-dev", "billing", "writer", "app_orders", "dev", []),
    ]
    for name, cluster, kind, user, environment, tags in real:
        endpoint = next(e for e in fleet["endpoints"] if e["cluster"] == cluster and e["kind"] == kind)
        rows.append(profile(
            name, endpoint["host"], user, cluster, environment=environment, tags=tags, group="payments",
            aws_profile="acme-prod" if environment == "prod" else "acme-dev", dial=endpoint["address"],
            sslrootcert=fleet["bundle"]))
    rows[0]["notes"] = "failover drill every 2nd Tuesday"
    rows[0]["pinned"] = True
    # `app_password` is outside rds_iam: psql asks for its password.
    orders = rows[0]
    rows.append(dict(
        orders, name="legacy-app", user="app_password", auth="password", environment="stage", notes="", tags=[],
        pinned=False, aws_profile=None))
    # The rest stands for a DBA's list; nothing answers there.
    rows.append(profile(
        "ledger-custom-ep", "ledger.cluster-custom-c1x9abcdefgh.us-east-1.rds.amazonaws.com", "iam_ro", "ledger",
        environment="prod", aws_profile="acme-prod"))
    rows.append(profile(
        "会計-本番", "kaikei.cluster-k2zzabcdefgh.ap-northeast-1.rds.amazonaws.com", "iam_dba", "kaikei",
        environment="prod", aws_profile="acme-prod", tags=["tokyo"]))
    rows.append(profile(
        "billing-stg", "billing-stg.cluster-z8yxabcdefgh.eu-west-1.rds.amazonaws.com", "iam_dba", "billing",
        environment="stage", aws_profile="acme-dev", dial="127.0.%d.250" % (10 + fleet["slot"])))
    rows.append(profile(
        "search-stg", "search-stg.cluster-z8yxabcdefgh.eu-west-1.rds.amazonaws.com", "iam_app", "search",
        environment="stage", aws_profile="acme-sso"))
    for number in range(1, 13):
        service = ["auth", "cart", "catalog", "events"][number % 4]
        rows.append(profile(
            "%s-dev-%02d" % (service, number),
            "%s-%02d.cluster-d3v0abcdefgh.eu-central-1.rds.amazonaws.com" % (service, number), "iam_app", service,
            environment="dev", aws_profile="acme-dev", group="platform"))
    rows.append(profile("scratch", "/var/run/postgresql", None, "postgres", auth="none", environment="local",
                        sslmode="prefer"))
    write(fleet["profiles"], "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows))
