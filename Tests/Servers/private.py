#!/usr/bin/env python3
"""One PostgreSQL server of the fleet's kind for a single test, which may do with it what others would notice.

    private.py FOLDER [NAMES]      prints its description as JSON, on one line, once it runs; with so many further
                                   endpoint names, which its certificate and its IAM both know

On stdin, each answered by `done`: `freeze` and `thaw` stop and continue the server's first process, `leave` lets it
shut down as soon as a session that is kept open has gone, `recover` starts it anew so that it waits for an archive,
`full` leaves no connection, `plain` takes away what makes it an Aurora, `stop` ends it. It ends with stdin, and the server with it.
"""
import json
import os
import random
import shutil
import signal
import socket
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.realpath(__file__)), "..", "..", "demo", "lib"))
import certificates  # noqa: E402
import layout  # noqa: E402
import servers  # noqa: E402


def free_slot():
    """Another one than those that start beside this one: only the third address of a slot is used here."""
    for slot in random.sample(range(40, 240), 200):
        probes = [socket.socket(), socket.socket()]
        try:
            for number, probe in zip((1, 3), probes):
                probe.bind(("127.0.%d.%d" % (10 + slot, number), layout.PORT))
            return slot
        except OSError:
            continue
        finally:
            for probe in probes:
                probe.close()
    raise layout.Trouble("no free slot")


def make(folder, names):
    fleet = layout.describe(folder, free_slot())
    # A cluster of one: there is nobody to replicate to.
    fleet["servers"] = [s for s in fleet["servers"] if s["cluster"] == "billing"]
    fleet["endpoints"] = [e for e in fleet["endpoints"] if e["cluster"] == "billing"]
    server = fleet["servers"][0]
    cluster = next(c for c in layout.CLUSTERS if c["name"] == "billing")
    for number in range(names):
        server["hosts"].append(layout.host(dict(cluster, name="db-%03d" % number), "writer"))
    os.makedirs(server["folder"], mode=0o700)
    os.chmod(folder, 0o755)
    keys = layout.make_keys()
    layout.write_aws_files(fleet, keys)
    servers.compile_shim(folder)
    certificates.make(fleet)
    layout.write(os.path.join(server["folder"], "iam.conf"), layout.iam_conf(server, keys))
    template = os.path.join(folder, "template")
    servers.make_template(template)
    servers.make_server(server, fleet, template)
    servers.own(server["folder"])
    shutil.rmtree(template)
    return fleet, server


def session(server, user="rdsadmin"):
    """A session over the socket that stays open: the start-up packet, and whatever comes back."""
    held = socket.socket(socket.AF_UNIX)
    held.connect(os.path.join(server["folder"], ".s.PGSQL.%d" % server["port"]))
    packet = b"\0\3\0\0user\0" + user.encode() + b"\0database\0postgres\0\0"
    held.sendall((len(packet) + 4).to_bytes(4, "big") + packet)
    held.settimeout(10)
    answer = held.recv(8192)
    return held if answer[:1] == b"R" else None


def log_says(server, words):
    with open(os.path.join(server["folder"], "log"), errors="replace") as file:
        return words in file.read()


def settings(server, line):
    with open(os.path.join(server["folder"], "data", "postgresql.conf"), "a") as file:
        file.write(line + "\n")


def main():
    folder = sys.argv[1]
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    fleet, server = make(folder, int(sys.argv[2]) if len(sys.argv) > 2 else 0)
    servers.launch(server)
    held = []
    try:
        servers.wait_for(lambda: servers.answers(server), 100, "the server does not start")
        print(json.dumps(fleet))
        sys.stdout.flush()
        # Whoever started this may have made the pipe one that does not block.
        os.set_blocking(0, True)
        for line in sys.stdin:
            word = line.strip()
            pid = servers.pid_of(server)
            if word == "freeze":
                os.kill(pid, signal.SIGSTOP)
            elif word == "thaw":
                os.kill(pid, signal.SIGCONT)
            elif word == "leave":
                held.append(session(server))
                os.kill(pid, signal.SIGTERM)
                servers.wait_for(lambda: log_says(server, "received smart shutdown"), 30, "it does not shut down")
            elif word == "full":
                settings(server, "max_connections=6\nsuperuser_reserved_connections=3\nmax_wal_senders=0")
                servers.end(server)
                servers.launch(server)
                servers.wait_for(lambda: servers.answers(server), 60, "it does not start again")
                while True:
                    one = session(server)
                    if one is None:
                        break
                    held.append(one)
            elif word == "recover":
                servers.end(server)
                open(os.path.join(server["folder"], "data", "recovery.signal"), "w").close()
                settings(server, "restore_command='sleep 60'")
                servers.own(server["folder"])
                servers.launch(server)
                servers.wait_for(lambda: log_says(server, "database system was interrupted"), 60, "it does not recover")
            elif word == "plain":
                for database in ("billing", "postgres"):
                    servers.run(
                        [os.path.join(servers.bindir(), "psql"), "-h", server["folder"], "-p", str(server["port"]),
                         "-U", "rdsadmin", "-d", database, "-q", "-c",
                         "drop function pg_catalog.aurora_version(), pg_catalog.aurora_replica_status()"],
                        env=servers.environment())
            elif word == "stop":
                break
            print("done")
            sys.stdout.flush()
    finally:
        pid = servers.pid_of(server)
        if pid:
            os.kill(pid, signal.SIGCONT)
        servers.end(server)
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
