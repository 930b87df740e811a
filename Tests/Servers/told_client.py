"""A client of PostgreSQL that says how its session ends.

    told_client.py SOCKET USER DATABASE [SQL]

Prints "in session" or, with SQL, "answered" once the first bytes of the answer have come; then, at the end of the
connection, the kind of the last whole message, how many bytes of another had come, and the fields of the last message.
"""
import socket
import struct
import sys

path, user, database = sys.argv[1:4]
sql = sys.argv[4] if len(sys.argv) > 4 else ""
client = socket.socket(socket.AF_UNIX)
client.connect(path)
packet = b"\0\3\0\0user\0" + user.encode() + b"\0database\0" + database.encode() + b"\0\0"
client.sendall(struct.pack("!I", len(packet) + 4) + packet)
pending, last, said = b"", b"", sql == ""
asked = False
while True:
    try:
        data = client.recv(65536)
    except ConnectionError:
        data = b""
    if not data:
        break
    if asked and not said:
        print("answered", flush=True)
        said = True
    pending += data
    at = 0
    while len(pending) - at >= 5:
        size = 1 + struct.unpack("!I", pending[at + 1:at + 5])[0]
        if len(pending) - at < size:
            break
        last = pending[at:at + size]
        at += size
        if last[:1] == b"Z" and not asked:
            asked = True
            if sql:
                query = sql.encode() + b"\0"
                client.sendall(b"Q" + struct.pack("!I", len(query) + 4) + query)
            else:
                print("in session", flush=True)
    pending = pending[at:]
print(last[:1].decode(), len(pending), last[5:].replace(b"\0", b" ").decode(errors="replace"), flush=True)
