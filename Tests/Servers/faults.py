#!/usr/bin/env python3
"""Servers that misbehave, each in its own way, in one process: what a PostgreSQL test must survive.

    faults.py PKI NAME=MODE[,KEY=VALUE...]...     prints a line `NAME PORT` for each, then READY
    faults.py --make PKI HOST                     makes the certificates: root.pem, and good, expired, future,
                                                  wronghost and unknownca with their keys

On stdin: `set NAME MODE[,KEY=VALUE...]`, `stats` (a line `NAME CONNECTIONS` for each, then `.`). It ends with stdin.

Modes before TLS: silent eof rst readeof readrst sslno sslgarbage sslerror http ssleof sslrst sslstall tlsgarbage
                  blackhole (its queue is full: the kernel drops what comes, as a security group does)
Modes after TLS:  startstall starteof startrst startgarbage authunknown error(code,msg,detail)
After the password: pwstall pweof pwrst pwerror(code,msg,detail) flood (settings without an end)
After the login:  ok factsstall (answers the first question and no other) qstall qeof qrst qerror(code,msg)
Keys:             cert=NAME, tlsmax=1.1, tls=0 (play it without TLS), standby=1, every=N with else=MODE (each Nth fails),
                  to=PORT for proxies: raw (passes all on), with drop=BYTES stall=BYTES delay=MILLISECONDS rst=1
"""
import os
import select
import socket
import ssl
import struct
import sys
import threading
import time

import fault_certificates

LINGER = struct.pack("ii", 1, 0)


def message(kind, body):
    return kind + struct.pack("!I", len(body) + 4) + body


def row(values):
    """One row of texts, with its description and its end."""
    columns = b"".join(b"c\0" + struct.pack("!IHIhiH", 0, 0, 25, -1, -1, 0) for _ in values)
    data = b"".join(struct.pack("!I", len(v)) + v for v in values)
    count = struct.pack("!H", len(values))
    return message(b"T", count + columns) + message(b"D", count + data) + message(b"C", b"SELECT 1\0")


def error(code, text, detail=None):
    fields = [b"SFATAL", b"VFATAL", b"C" + code.encode(), b"M" + text.encode()]
    if detail:
        fields.append(b"D" + detail.encode())
    return message(b"E", b"".join(f + b"\0" for f in fields) + b"\0")


AUTH_OK = message(b"R", struct.pack("!I", 0))
CLEARTEXT = message(b"R", struct.pack("!I", 3))
UNKNOWN = message(b"R", struct.pack("!I", 42))
READY = message(b"Z", b"I")


def parameter(name, value):
    return message(b"S", name + b"\0" + value + b"\0")


FACTS = row([b"16.4", b"f", b"iam_dba", b"off", b"%d" % time.time(), b"t", b"t"])


class Gone(Exception):
    pass


class Fault:
    """One listener and what it does."""

    def __init__(self, name, words, pki):
        self.name, self.pki, self.count = name, pki, 0
        self.lock = threading.Lock()
        self.set(words)
        self.socket = socket.socket()
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.bind(("127.0.0.1", 0))
        self.socket.listen(0 if self.mode == "blackhole" else 64)
        self.port = self.socket.getsockname()[1]
        self.fillers = []
        if self.mode == "blackhole":
            for _ in range(4):
                filler = socket.socket()
                filler.setblocking(False)
                filler.connect_ex(("127.0.0.1", self.port))
                self.fillers.append(filler)
        else:
            threading.Thread(target=self.serve, daemon=True).start()

    def set(self, words):
        parts = words.split(",")
        self.mode = parts[0]
        self.keys = dict(p.split("=", 1) for p in parts[1:])

    def serve(self):
        while True:
            connection, _ = self.socket.accept()
            threading.Thread(target=self.run, args=(connection,), daemon=True).start()

    def run(self, connection):
        with self.lock:
            self.count += 1
            number = self.count
        mode = self.mode
        every = int(self.keys.get("every", 0))
        if every and number % every:
            mode = self.keys.get("else", "ok")
        raw = connection
        try:
            self.play(mode, connection)
        except (OSError, Gone, ssl.SSLError):
            pass
        finally:
            try:
                raw.close()
            except OSError:
                pass

    # -- pieces

    @staticmethod
    def exactly(connection, count):
        data = b""
        while len(data) < count:
            part = connection.recv(count - len(data))
            if not part:
                raise Gone()
            data += part
        return data

    def packet(self, connection, typed):
        """A message of the client's; without a type before the login."""
        if typed:
            self.exactly(connection, 1)
        size = struct.unpack("!I", self.exactly(connection, 4))[0]
        return self.exactly(connection, size - 4)

    @staticmethod
    def hold(connection):
        """Says nothing until the other side has gone."""
        while True:
            if not connection.recv(4096):
                raise Gone()

    @staticmethod
    def reset(connection):
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, LINGER)
        if isinstance(connection, ssl.SSLSocket):
            # Without the alert that TLS would send before its end.
            plain = socket.socket(fileno=connection.detach())
            plain.close()
        else:
            connection.close()
        raise Gone()

    @staticmethod
    def end(connection):
        if isinstance(connection, ssl.SSLSocket):
            plain = socket.socket(fileno=connection.detach())
            plain.shutdown(socket.SHUT_RDWR)
            plain.close()
        raise Gone()

    def secure(self, connection):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        name = self.keys.get("cert", "good")
        context.load_cert_chain(os.path.join(self.pki, name + ".pem"), os.path.join(self.pki, name + ".key"))
        if self.keys.get("tlsmax") == "1.1":
            # What OpenSSL's defaults would not even offer.
            context.set_ciphers("DEFAULT:@SECLEVEL=0")
            context.minimum_version = ssl.TLSVersion.TLSv1
            context.maximum_version = ssl.TLSVersion.TLSv1_1
        return context.wrap_socket(connection, server_side=True)

    # -- the play

    def play(self, mode, connection):
        if mode == "raw":
            return self.relay(connection)
        if mode == "silent":
            self.hold(connection)
        if mode == "eof":
            return
        if mode == "rst":
            self.reset(connection)
        if self.keys.get("tls") != "0":
            # SSLRequest, eight bytes.
            self.exactly(connection, 8)
            answers = {
                "sslno": b"N", "sslgarbage": b"\x15\x03\x01\x00\x02\x02\x0a", "sslerror": error("0A000", "no"),
                "http": b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n"}
            if mode == "readeof":
                return
            if mode == "readrst":
                self.reset(connection)
            if mode in answers:
                connection.sendall(answers[mode])
                self.hold(connection)
            connection.sendall(b"S")
            if mode == "sslstall":
                self.hold(connection)
            if mode in ("ssleof", "sslrst", "tlsgarbage"):
                connection.recv(4096)
                if mode == "tlsgarbage":
                    connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
                    self.hold(connection)
                if mode == "sslrst":
                    self.reset(connection)
                return
            connection = self.secure(connection)
        self.packet(connection, False)
        self.after_startup(mode, connection)

    def after_startup(self, mode, connection):
        if mode == "startstall":
            self.hold(connection)
        if mode == "starteof":
            self.end(connection)
        if mode == "startrst":
            self.reset(connection)
        if mode == "startgarbage":
            connection.sendall(b"\0\0\0\0\0\0\0\0")
            self.hold(connection)
        if mode == "authunknown":
            connection.sendall(UNKNOWN)
            self.hold(connection)
        if mode == "error":
            return self.refuse(connection)
        connection.sendall(CLEARTEXT)
        self.packet(connection, True)
        if mode == "pwstall":
            self.hold(connection)
        if mode == "pweof":
            self.end(connection)
        if mode == "pwrst":
            self.reset(connection)
        if mode == "pwerror":
            return self.refuse(connection)
        if mode == "flood":
            connection.sendall(AUTH_OK)
            while True:
                connection.sendall(parameter(b"application_name", b"x" * 60000))
        standby = b"on" if self.keys.get("standby") == "1" else b"off"
        connection.sendall(
            AUTH_OK + parameter(b"server_version", b"16.4") + parameter(b"in_hot_standby", standby)
            + parameter(b"default_transaction_read_only", b"off") + READY)
        self.queries(mode, connection)

    def refuse(self, connection):
        connection.sendall(error(self.keys["code"], self.keys["msg"], self.keys.get("detail")))
        # libpq reads the error before it sees the end.
        self.drain(connection)

    @staticmethod
    def drain(connection):
        connection.settimeout(10)
        while connection.recv(4096):
            pass

    def queries(self, mode, connection):
        while True:
            kind = self.exactly(connection, 1)
            size = struct.unpack("!I", self.exactly(connection, 4))[0]
            self.exactly(connection, size - 4)
            if kind == b"X":
                return
            if mode == "qstall":
                self.hold(connection)
            if mode == "factsstall":
                # The first question is answered as an Aurora does, no other is.
                connection.sendall(FACTS + READY)
                self.exactly(connection, 1)
                self.hold(connection)
            if mode == "qeof":
                self.end(connection)
            if mode == "qrst":
                self.reset(connection)
            if mode == "qerror":
                connection.sendall(error(self.keys["code"], self.keys["msg"]))
                if self.keys["code"].startswith("57P"):
                    self.end(connection)
                connection.sendall(READY)
                continue
            connection.sendall(error("42601", "this server answers no queries"))
            connection.sendall(READY)

    def relay(self, connection):
        """Passes bytes on, both ways, until something is to go wrong."""
        other = socket.create_connection(("127.0.0.1", int(self.keys["to"])))
        drop, stall = int(self.keys.get("drop", -1)), int(self.keys.get("stall", -1))
        delay, passed = float(self.keys.get("delay", 0)) / 1000, 0
        try:
            while True:
                ready, _, _ = select.select([connection, other], [], [])
                for source in ready:
                    data = source.recv(16384)
                    if not data:
                        return
                    if source is other:
                        passed += len(data)
                    if 0 <= stall < passed:
                        self.hold(connection)
                    if 0 <= drop < passed:
                        if self.keys.get("rst") == "1":
                            self.reset(connection)
                        return
                    if delay:
                        time.sleep(delay)
                    (other if source is connection else connection).sendall(data)
        finally:
            other.close()


def main():
    if sys.argv[1] == "--make":
        fault_certificates.make(sys.argv[2], sys.argv[3])
        return
    pki, faults = sys.argv[1], {}
    for words in sys.argv[2:]:
        name, mode = words.split("=", 1)
        faults[name] = Fault(name, mode, pki)
        print(name, faults[name].port)
    print("READY")
    sys.stdout.flush()
    # Whoever started this may have made the pipe one that does not block.
    os.set_blocking(0, True)
    for line in sys.stdin:
        words = line.rstrip("\n").split(" ", 2)
        if words[0] == "set":
            faults[words[1]].set(words[2])
            print("set", words[1])
        elif words[0] == "stats":
            for name, fault in faults.items():
                print(name, fault.count)
            print(".")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
