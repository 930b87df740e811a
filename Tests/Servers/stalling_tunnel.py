"""A tunnel of which some connections lead nowhere, as while a server fails over.

    stalling_tunnel.py PORT HOST REMOTE_PORT FROM TO FILE

Listens at PORT and passes connections on to HOST:REMOTE_PORT, the first one being number 1; those from FROM to TO are taken
and left alone. Writes how many have come into FILE.
"""
import socket
import sys
import threading

port, host, remote, first, last, file = sys.argv[1:7]
listener = socket.create_server(("127.0.0.1", int(port)), backlog=500)
kept = []


def pass_on(source, target):
    try:
        while data := source.recv(65536):
            target.sendall(data)
    except OSError:
        pass
    for side in source, target:
        try:
            side.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass


count = 0
while True:
    near, _ = listener.accept()
    # Whoever waits for the tunnel tries its port and says nothing.
    near.settimeout(60)
    if near.recv(1, socket.MSG_PEEK) == b"":
        near.close()
        continue
    near.settimeout(None)
    count += 1
    with open(file, "w") as out:
        out.write(str(count))
    kept.append(near)
    if int(first) <= count <= int(last):
        continue
    far = socket.create_connection((host, int(remote)))
    kept.append(far)
    for pair in (near, far), (far, near):
        threading.Thread(target=pass_on, args=pair, daemon=True).start()
