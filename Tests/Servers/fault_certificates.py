"""Certificates for servers that misbehave: good, expired, not yet good, for another host, by a stranger."""
import os
import subprocess

CNF = """
[req]
distinguished_name = dn
prompt = no
[dn]
CN = {cn}
[ca]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign, cRLSign
[leaf]
basicConstraints = critical, CA:FALSE
extendedKeyUsage = serverAuth
subjectAltName = DNS:{host}
[authority]
default_ca = d
[d]
database = {index}
serial = {serial}
new_certs_dir = {folder}
default_md = sha256
policy = p
unique_subject = no
x509_extensions = leaf
[p]
commonName = supplied
"""


def openssl(*words):
    done = subprocess.run(["openssl"] + list(words), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode != 0:
        raise SystemExit("openssl %s: %s" % (words[0], done.stdout))


def make(folder, host):
    def at(name):
        return os.path.join(folder, name)

    def settings(name, cn, host_name):
        with open(at(name), "w") as file:
            file.write(CNF.format(
                cn=cn, host=host_name, index=at("index"), serial=at("serial"), folder=folder))
        return at(name)

    for name, text in (("index", ""), ("serial", "01\n")):
        with open(at(name), "w") as file:
            file.write(text)
    curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
    for name, cn in (("root", "Amazon RDS eu-west-1 Root CA ECC384 G1"), ("stranger", "Stranger Root CA")):
        cnf = settings(name + ".cnf", cn, host)
        openssl("req", "-x509", *curve, "-days", "3650", "-config", cnf, "-extensions", "ca", "-keyout",
                at(name + ".key"), "-out", at(name + ".pem"))
    leaves = [
        ("good", "root", host, "20200101000000Z", "20990101000000Z"),
        ("expired", "root", host, "20200101000000Z", "20210203040506Z"),
        ("future", "root", host, "20980101000000Z", "20990101000000Z"),
        ("wronghost", "root", "other.example", "20200101000000Z", "20990101000000Z"),
        ("unknownca", "stranger", host, "20200101000000Z", "20990101000000Z"),
    ]
    for name, issuer, host_name, begin, end in leaves:
        cnf = settings(name + ".cnf", "leaf", host_name)
        openssl("req", *curve, "-config", cnf, "-keyout", at(name + ".key"), "-out", at(name + ".csr"))
        openssl("ca", "-batch", "-notext", "-config", cnf, "-name", "d", "-cert", at(issuer + ".pem"), "-keyfile",
                at(issuer + ".key"), "-in", at(name + ".csr"), "-out", at(name + ".pem"), "-startdate", begin,
                "-enddate", end)
