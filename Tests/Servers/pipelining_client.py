"""A client of PostgreSQL that asks for more before it has had its answers.

    pipelining_client.py SOCKET USER DATABASE HOW SQL...

HOW is `pipeline`: once in session, each statement in a batch of its own (Parse to Sync), all in one go; `ahead`: the first
one as a simple query right behind the start-up packet; `unsynced`: the first one by Parse to Flush, without a Sync; or `copy`:
the first one as a simple query, and then the second one, a COPY, in a batch of its own and its data as soon as it is asked
for. Prints the kind of each message that comes, a line each, until the connection ends.
"""
import socket
import struct
import sys

path, user, database, how = sys.argv[1:5]
statements = [text.encode() for text in sys.argv[5:]]


def message(kind, *parts):
    body = b"".join(parts)
    return kind + struct.pack("!I", len(body) + 4) + body


def batch(sql, end):
    return (message(b"P", b"\0", sql, b"\0\0\0") + message(b"B", b"\0\0\0\0\0\0\0\0") + message(b"E", b"\0\0\0\0\0")
            + message(end))


client = socket.socket(socket.AF_UNIX)
client.connect(path)
packet = b"\0\3\0\0user\0" + user.encode() + b"\0database\0" + database.encode() + b"\0application_name\0piped\0\0"
start = struct.pack("!I", len(packet) + 4) + packet
if how == "ahead":
    start += message(b"Q", statements[0], b"\0")
client.sendall(start)
stream = client.makefile("rb")
in_session = False
while True:
    try:
        head = stream.read(5)
    except ConnectionError:
        break
    if len(head) < 5:
        break
    stream.read(struct.unpack("!I", head[1:])[0] - 4)
    print(head[:1].decode(), flush=True)
    if head[:1] == b"Z" and not in_session:
        in_session = True
        if how == "pipeline":
            client.sendall(b"".join(batch(sql, b"S") for sql in statements))
        elif how == "unsynced":
            client.sendall(batch(statements[0], b"H"))
        elif how == "copy":
            client.sendall(message(b"Q", statements[0], b"\0") + batch(statements[1], b"S"))
    elif head[:1] == b"G":
        client.sendall(message(b"d", b"1\n") + message(b"c") + message(b"S"))
