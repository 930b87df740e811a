"""Starting and stopping the servers. Nothing sleeps blindly: every wait is for a condition with a deadline."""
import glob
import json
import os
import pwd
import shutil
import signal
import socket
import subprocess
import time

import certificates
import layout
from layout import Trouble

HERE = os.path.dirname(os.path.realpath(__file__))
TEMPLATE_LIMITS = ["max_connections=60", "max_worker_processes=2", "max_wal_senders=3", "max_locks_per_transaction=10"]


def bindir():
    found = glob.glob("/usr/lib/postgresql/*/bin/initdb") + glob.glob("/usr/pgsql-*/bin/initdb")
    if found:
        return os.path.dirname(max(found, key=lambda p: int("".join(c for c in p.split("/")[-3] if c.isdigit()) or 0)))
    path = shutil.which("initdb")
    if path:
        return os.path.dirname(path)
    raise Trouble("PostgreSQL is not installed: apt-get install postgresql")


def as_server_user(words):
    """PostgreSQL refuses to run as root: root becomes `postgres`, anyone else stays himself."""
    if os.geteuid() != 0:
        return words
    return ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups"] + words


def run(words, **options):
    done = subprocess.run(
        as_server_user(words), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd="/", **options)
    if done.returncode != 0:
        raise Trouble("%s failed: %s" % (os.path.basename(words[0]), " ".join(done.stdout.split()[-40:])))
    return done.stdout


def own(path):
    """Gives a tree to the user that the servers run as."""
    if os.geteuid() != 0:
        return
    user = pwd.getpwnam("postgres")
    os.chown(path, user.pw_uid, user.pw_gid)
    for base, folders, files in os.walk(path):
        for name in folders + files:
            os.chown(os.path.join(base, name), user.pw_uid, user.pw_gid, follow_symlinks=False)


def environment(server=None):
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("PG", "AWS_", "SSL_", "LC_")) and k != "LD_PRELOAD"}
    kept["LC_ALL"] = "C"
    if server:
        kept["RDSIAM_CONF"] = os.path.join(server["folder"], "iam.conf")
        kept["RDSIAM_LOG"] = os.path.join(server["folder"], "iam-db-auth-error.log")
        kept["LD_PRELOAD"] = os.path.join(os.path.dirname(server["folder"]), "pam_shim.so")
    return kept


def bound(slot, port):
    """A socket at a slot's first address; None where somebody has that port."""
    probe = socket.socket()
    try:
        probe.bind(("127.0.%d.1" % (10 + slot), port))
        return probe
    except OSError:
        probe.close()
        return None


def free_slot():
    """A slot that no fleet uses, and a socket: as long as it is open no other fleet takes that slot, though no server
    listens there yet."""
    for slot in range(1, 201):
        claim = bound(slot, layout.PORT - 1)
        if claim is None:
            continue
        probe = bound(slot, layout.PORT)
        if probe is not None:
            probe.close()
            return slot, claim
        claim.close()
    raise Trouble("no free slot among 127.0.11.1 to 127.0.210.1: stop another fleet")


# -- creating

def create(folder, slot):
    os.makedirs(folder, mode=0o755, exist_ok=True)
    os.chmod(folder, 0o755)
    fleet = layout.describe(folder, slot)
    for server in fleet["servers"]:
        os.makedirs(server["folder"], mode=0o700, exist_ok=True)
    keys = layout.make_keys()
    layout.write_aws_files(fleet, keys)
    layout.write_profiles(fleet)
    compile_shim(folder)
    certificates.make(fleet)
    for server in fleet["servers"]:
        layout.write(os.path.join(server["folder"], "iam.conf"), layout.iam_conf(server, keys))
    template = os.path.join(folder, "template")
    make_template(template)
    for server in fleet["servers"]:
        make_server(server, fleet, template)
        own(server["folder"])
    shutil.rmtree(template)
    layout.write(os.path.join(folder, "fleet.json"), json.dumps(fleet), 0o644)
    return fleet


def compile_shim(folder):
    compiler = shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")
    if not compiler:
        raise Trouble("no C compiler: apt-get install gcc libc6-dev libssl-dev")
    target = os.path.join(folder, "pam_shim.so")
    done = subprocess.run(
        [compiler, "-O2", "-Wall", "-fPIC", "-shared", "-D_GNU_SOURCE", "-o", target,
         os.path.join(HERE, "pam_shim.c"), os.path.join(HERE, "iam_verify.c"), "-lcrypto"],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode != 0:
        raise Trouble("the PAM stand-in does not compile: %s" % " ".join(done.stdout.split()[:30]))
    os.chmod(target, 0o755)


def make_template(template):
    binaries = bindir()
    shutil.rmtree(template, ignore_errors=True)
    os.makedirs(template, mode=0o700)
    own(template)
    run([os.path.join(binaries, "initdb"), "-D", template, "--no-sync", "--no-locale", "-E", "UTF8", "-A", "trust",
         "--wal-segsize=1", "-U", "rdsadmin"], env=environment())
    limits = [word for limit in TEMPLATE_LIMITS for word in ("-c", limit)]
    with open(os.path.join(HERE, "seed.sql")) as seed:
        text = "".join(line for line in seed if not line.startswith("--"))
    password = layout.PASSWORD_USER[1].replace("'", "''")
    for database, part in zip(["template1", "orders", "billing"], text.split("\\next\n")):
        run([os.path.join(binaries, "postgres"), "--single", "-F", "-j", "-D", template] + limits + [database],
            env=environment(), input=part.replace("{password}", password))


def make_server(server, fleet, template):
    data = os.path.join(server["folder"], "data")
    subprocess.run(["cp", "-a", template, data], check=True)
    os.chmod(data, 0o700)
    cluster = [s for s in fleet["servers"] if s["cluster"] == server["cluster"]]
    topology = ",".join("%s:%s:%s" % ("w" if s["role"] == "writer" else "r", s["name"], 0 if s["role"] == "writer" else 18.5)
                        for s in cluster)
    lines = TEMPLATE_LIMITS + [
        "listen_addresses='%s'" % server["address"], "port=%d" % server["port"],
        "unix_socket_directories='%s'" % server["folder"], "ssl=on",
        "ssl_cert_file='%s/server.crt'" % server["folder"], "ssl_key_file='%s/server.key'" % server["folder"],
        "fsync=off", "wal_level=logical", "shared_buffers=4MB", "autovacuum=off", "log_connections=on",
        "log_line_prefix='%t:%r:%u@%d:[%p]:'", "rds.extensions='aurora_stat_utils'",
        "rds.aurora_version='15.4.2'", "rds.instance_id='%s'" % server["name"], "rds.topology='%s'" % topology,
    ]
    if server["role"] == "reader":
        writer = next(s for s in cluster if s["role"] == "writer")
        lines.append("primary_conninfo='host=%s port=%d user=rdsadmin application_name=%s'"
                     % (writer["folder"], writer["port"], server["name"]))
        layout.write(os.path.join(data, "standby.signal"), "")
    layout.write(os.path.join(data, "postgresql.conf"), "\n".join(lines) + "\n")
    layout.write(os.path.join(data, "pg_hba.conf"), "\n".join([
        "local all all trust", "local replication all trust", "hostnossl all all all reject",
        "hostssl all,replication +rds_iam all pam", "hostssl all all all scram-sha-256"]) + "\n")


# -- running

def pid_of(server):
    """The server's process, if the pid file names one that runs in this very data folder."""
    data = os.path.join(server["folder"], "data")
    try:
        with open(os.path.join(data, "postmaster.pid")) as file:
            pid = int(file.readline())
        return pid if os.path.samefile("/proc/%d/cwd" % pid, data) else None
    except (OSError, ValueError):
        return None


def answers(server):
    probe = socket.socket(socket.AF_UNIX)
    try:
        probe.connect(os.path.join(server["folder"], ".s.PGSQL.%d" % server["port"]))
        # A start-up packet: the answer's first byte is an R once logins are taken.
        packet = b"\0\3\0\0user\0rdsadmin\0database\0postgres\0\0"
        probe.sendall((len(packet) + 4).to_bytes(4, "big") + packet)
        probe.settimeout(2)
        return probe.recv(1) == b"R"
    except OSError:
        return False
    finally:
        probe.close()


def launch(server):
    data = os.path.join(server["folder"], "data")
    if pid_of(server) is None and os.path.exists(os.path.join(data, "postmaster.pid")):
        os.unlink(os.path.join(data, "postmaster.pid"))
    log = os.open(os.path.join(server["folder"], "log"), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    if os.geteuid() == 0:
        os.fchown(log, pwd.getpwnam("postgres").pw_uid, -1)
    subprocess.Popen(
        as_server_user([os.path.join(bindir(), "postgres"), "-D", data]), stdin=subprocess.DEVNULL, stdout=log,
        stderr=log, env=environment(server), start_new_session=True, cwd="/")
    os.close(log)


def wait_for(condition, seconds, what):
    deadline = time.monotonic() + seconds
    pause = 0.002
    while not condition():
        if time.monotonic() > deadline:
            raise Trouble(what)
        time.sleep(pause)
        pause = min(0.05, pause * 1.5)


def start(folder, slot):
    started = []
    claim = None
    try:
        if not os.path.exists(os.path.join(folder, "fleet.json")):
            if not slot:
                slot, claim = free_slot()
            create(folder, slot)
        fleet = layout.load(folder)
        for server in fleet["servers"]:
            if pid_of(server) is None:
                launch(server)
                started.append(server)
        for server in fleet["servers"]:
            wait_for(lambda: answers(server), 30, "%s does not start: see %s/log" % (server["name"], server["folder"]))
        return fleet
    except BaseException:
        for server in started:
            end(server)
        raise
    finally:
        if claim is not None:
            claim.close()


def end(server):
    pid = pid_of(server)
    if pid is None:
        return False
    os.kill(pid, signal.SIGQUIT)
    try:
        wait_for(lambda: pid_of(server) is None, 20, "")
    except Trouble:
        os.kill(pid, signal.SIGKILL)
    return True


def stop(folder):
    fleet = layout.load(folder)
    # Readers first: a writer that goes away would make them complain.
    ordered = sorted(fleet["servers"], key=lambda s: s["role"] == "writer")
    count = sum(end(server) for server in ordered)
    shutil.rmtree(folder, ignore_errors=True)
    return count


def status(fleet):
    running = 0
    for server in fleet["servers"]:
        pid = pid_of(server)
        good = pid is not None and answers(server)
        running += good
        print("%-10s %-7s %-12s %s  %s" % (
            server["name"], server["role"], server["address"], "pid %d" % pid if good else "down", server["hosts"][1]))
    return 0 if running == len(fleet["servers"]) else 1
