"""A client of PostgreSQL that asks for much and reads nothing, until it is told to.

    slow_client.py SOCKET USER DATABASE SQL      prints "asked", waits for a line on stdin, prints the bytes that came
"""
import socket
import struct
import sys

path, user, database, sql = sys.argv[1:5]
client = socket.socket(socket.AF_UNIX)
client.connect(path)
packet = b"\0\3\0\0user\0" + user.encode() + b"\0database\0" + database.encode() + b"\0\0"
client.sendall(struct.pack("!I", len(packet) + 4) + packet)
answer = b""
while b"Z\0\0\0\5I" not in answer:
    answer += client.recv(4096)
query = sql.encode() + b"\0"
client.sendall(b"Q" + struct.pack("!I", len(query) + 4) + query)
print("asked", flush=True)
while sys.stdin.readline() == "":
    pass
count, tail = 0, b""
while b"Z\0\0\0\5I" not in tail:
    data = client.recv(65536)
    if not data:
        break
    count += len(data)
    tail = (tail + data)[-16:]
print(count, flush=True)
