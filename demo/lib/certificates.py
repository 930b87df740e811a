"""The fleet's own CA: root, intermediate and a leaf for each server, as on RDS. P-256, names in the SAN alone."""
import os
import subprocess

import layout

CNF = """
[req]
distinguished_name = dn
prompt = no
[dn]
CN = {cn}
[ca]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
[leaf]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = serverAuth
subjectAltName = {san}
"""


def run(*words):
    done = subprocess.run(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode != 0:
        raise layout.Trouble("%s failed: %s" % (words[0], done.stdout.strip().splitlines()[-1:]))


def issue(folder, name, cn, section, issuer=None, names=()):
    """A key and a certificate NAME.key, NAME.crt; self-signed without an issuer."""
    def at(suffix):
        return os.path.join(folder, name + suffix)
    san = ",".join("DNS:" + n for n in names) or "DNS:unused.invalid"
    layout.write(at(".cnf"), CNF.format(cn=cn, san=san))
    run("openssl", "ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", at(".key"))
    os.chmod(at(".key"), 0o600)
    run("openssl", "req", "-new", "-key", at(".key"), "-config", at(".cnf"), "-out", at(".csr"))
    signer = ["-signkey", at(".key")] if issuer is None else [
        "-CA", os.path.join(folder, issuer + ".crt"), "-CAkey", os.path.join(folder, issuer + ".key"),
        "-CAcreateserial"]
    run("openssl", "x509", "-req", "-in", at(".csr"), "-days", "365", "-sha256", "-extfile", at(".cnf"),
        "-extensions", section, "-out", at(".crt"), *signer)


def make(fleet):
    """Everything for a new fleet; server.crt and server.key lie in each server's folder afterwards."""
    folder = os.path.join(fleet["dir"], "pki")
    os.makedirs(folder, mode=0o700, exist_ok=True)
    issue(folder, "root", "pgfob local RDS Root CA", "ca")
    issue(folder, "intermediate", "pgfob local RDS CA G1", "ca", "root")
    issue(folder, "other", "pgfob another Root CA", "ca")

    def text(name):
        with open(os.path.join(folder, name)) as file:
            return file.read()
    layout.write(fleet["bundle"], text("root.crt"), 0o644)
    layout.write(fleet["other_bundle"], text("other.crt"), 0o644)
    for server in fleet["servers"]:
        issue(folder, server["name"], server["name"], "leaf", "intermediate", server["hosts"])
        layout.write(
            os.path.join(server["folder"], "server.crt"), text(server["name"] + ".crt") + text("intermediate.crt"))
        layout.write(os.path.join(server["folder"], "server.key"), text(server["name"] + ".key"))
