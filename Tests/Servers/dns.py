#!/usr/bin/env python3
"""A DNS server on UDP that knows aliases: `dns.py PORT`, 0 for any; prints the port once it listens on 127.0.0.1.

What it answers follows from the first label of the name that is asked for:
    alias       db.example is one of the endpoint below, by way of another name
    public      like it, and the endpoint itself is one of a machine's name, as a public instance's is
    plain       has an address, and is no alias
    loop        an alias of itself
    junk        bytes that are no DNS
    cut         a message that ends within a record
    silent      nothing at all
Everything else does not exist. Where it may (in a network of its own), it switches the loopback device on first.
"""
import fcntl
import socket
import struct
import sys

ENDPOINT = "orders.cluster-c1x9abcdefgh.eu-west-1.rds.amazonaws.com"
MACHINE = "ec2-52-1-2-3.eu-west-1.compute.amazonaws.com"


def labels(name):
    return b"".join(bytes([len(x)]) + x.encode() for x in name.split(".")) + b"\0"


def record(owner, kind, data):
    return owner + struct.pack(">HHIH", kind, 1, 60, len(data)) + data


def answer(question, name):
    first = name.split(".")[0].lower()
    # A pointer to the name in the question, as real servers write it.
    asked = b"\xc0\x0c"
    address = socket.inet_aton("192.0.2.1")
    chains = {"alias": ["middle.example", ENDPOINT], "public": [ENDPOINT, MACHINE], "plain": [], "loop": [name],
              "cut": [ENDPOINT]}
    if first == "silent":
        return None
    if first == "junk":
        return question[:2] + b"\x81\x80" + b"\xff" * 60
    known = chains.get(first)
    records, owner = [], asked
    for target in known or []:
        records.append(record(owner, 5, labels(target)))
        owner = labels(target)
    if known is not None:
        records.append(record(owner, 1, address))
    header = question[:2] + struct.pack(">HHHHH", 0x8180 if known is not None else 0x8183, 1, len(records), 0, 0)
    end = 12
    while question[end]:
        end += question[end] + 1
    message = header + question[12:end + 5] + b"".join(records)
    return message[:-100] if first == "cut" else message


def loopback_up():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        try:
            fcntl.ioctl(any_socket, 0x8914, struct.pack("16sh14x", b"lo", 0x1 | 0x40))  # SIOCSIFFLAGS: up, running
        except OSError:
            pass


def main():
    loopback_up()
    server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    server.bind(("127.0.0.1", int(sys.argv[1])))
    print(server.getsockname()[1], flush=True)
    while True:
        question, peer = server.recvfrom(4096)
        parts, at = [], 12
        while question[at]:
            parts.append(question[at + 1:at + 1 + question[at]].decode("latin-1"))
            at += question[at] + 1
        reply = answer(question, ".".join(parts))
        if reply is not None:
            server.sendto(reply, peer)


if __name__ == "__main__":
    main()
