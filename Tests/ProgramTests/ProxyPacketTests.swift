import TestSupport
import Testing

/// Clients that begin in another way than PostgreSQL's own.
@Suite(.overTheFleet, .serialized, .timeLimit(.minutes(14)))
struct ProxyPacketTests {
    private let trial: ProxyTrial

    init() throws { trial = try ProxyTrial() }

    /// Says what a proxy answers to the beginning of a connection: `closed`, or the SQLSTATE and the words of an error, or
    /// `in session`.
    private static let script = #"""
        import socket, struct, sys
        def packet(*words, version=3 << 16, end=b"\0", length=None):
            body = struct.pack("!I", version) + b"".join(word + b"\0" for word in words) + end
            return struct.pack("!I", len(body) + 4 if length is None else length) + body
        def answer(data, ends=False):
            s = socket.socket(socket.AF_UNIX); s.settimeout(60); s.connect(sys.argv[1]); s.sendall(data)
            if ends: s.shutdown(socket.SHUT_WR)
            f = s.makefile("rb")
            while True:
                try: head = f.read(5)
                except ConnectionError: head = b""
                if len(head) < 5: return "closed" if not head else "cut off"
                body = f.read(struct.unpack("!I", head[1:])[0] - 4)
                if head[:1] == b"E":
                    fields = {f[:1]: f[1:].decode() for f in body.split(b"\0") if f}
                    return fields[b"S"] + " " + fields[b"C"] + " " + fields[b"M"]
                if head[:1] == b"Z": return "in session"
        me = [b"user", b"jane_doe", b"database", b"orders"]
        """#

    private func answers(_ cases: [String]) throws -> [String] {
        let (proxy, conninfo) = try trial.proxy()
        let calls = cases.map { "print(\($0))" }.joined(separator: "\n")
        let done = try trial.python("\(Self.script)\n\(calls)", try ProxyTrial.socket(conninfo))
        #expect(done.code == 0, "\(done)")
        #expect(try trial.psql(conninfo, "-Atc", "select 1").output == "1\n", "\(proxy.errors)")
        return done.output.split(separator: "\n").map(String.init)
    }

    @Test func `a start-up packet that is none is told why, as a server would`() throws {
        let layout =
            "FATAL 08P01 pgfob: the start-up packet is no list of names and values, each ended by a zero byte, with one "
            + "more at its end"
        let cases = [
            (
                #"answer(packet(*me, b"application_name", b"caf\xe9"))"#,
                "FATAL 22021 pgfob: the value of application_name in the start-up packet is not UTF-8"
            ),
            (
                #"answer(packet(*me, b"\xff", b"x"))"#,
                "FATAL 22021 pgfob: a name in the start-up packet is not UTF-8"
            ),
            (#"answer(packet(*me, end=b""))"#, layout),
            (#"answer(packet(*me, b"options"))"#, layout),
            (#"answer(packet(*me, end=b"\0more"))"#, layout),
            (#"answer(packet(*me, length=20))"#, layout),
            (
                #"answer(packet(*me, end=b"\0", version=2 << 16))"#,
                "FATAL 0A000 pgfob: the protocol 2.0 is not known here, 3.0 and its followers are"
            ),
            (
                #"answer(packet(*me, b"application_name", b"x" * 10000))"#,
                "FATAL 08P01 pgfob: a start-up packet has 10000 bytes at most, and this one 10057"
            ),
            (
                #"answer(packet(*me, length=20000)[:8])"#,
                "FATAL 08P01 pgfob: a start-up packet has 10000 bytes at most, and this one 20000"
            ),
            (
                #"answer(packet(*me, length=100))"#,
                "FATAL 08P01 pgfob: the start-up packet did not come whole in time"
            ),
        ]
        let answers = try answers(cases.map(\.0))
        for ((call, wanted), answer) in zip(cases, answers) { #expect(answer == wanted, "\(call)") }
        #expect(answers.count == cases.count)
    }

    @Test func `what is no PostgreSQL is closed without a word`() throws {
        let cases = [
            #"answer(b"GET / HTTP/1.1\r\n\r\n")"#, #"answer(b"\x16\x03\x01\x00\x05hello")"#,
            #"answer(packet(length=7))"#, #"answer(struct.pack("!I", 8) + struct.pack("!I", 80877102))"#,
            #"answer(packet(*me, length=0x7fffffff))"#, #"answer(b"\0\0\0", ends=True)"#,
            #"answer(packet(*me)[:20], ends=True)"#,
        ]
        #expect(try answers(cases) == cases.map { _ in "closed" })
    }

    @Test func `of a parameter that comes twice the last one counts, and the profile's options hold`() throws
    {
        #expect(try trial.run.pgfob("edit", "orders-stg", "--parameter", "options=-c work_mem=5MB").code == 0)
        let twice = #"b"options", b"-c statement_timeout=1s", b"options", b"-c lock_timeout=7s""#
        #expect(
            try answers([
                #"answer(packet(b"user", b"nobody", *me, b"database", b"nope", b"database", b"orders"))"#,
                #"answer(packet(*me, b"user", b"nobody"))"#, "answer(packet(*me, \(twice)))",
            ]) == [
                "in session",
                "FATAL 28000 pgfob: this proxy logs in as jane_doe, and as nobody else: use that user",
                "in session",
            ])
        let (_, conninfo) = try trial.proxy("--listen", "\(trial.run.folder.file("other"))/")
        let shown = try trial.python(
            #"""
            \#(Self.script)
            s = socket.socket(socket.AF_UNIX); s.settimeout(60); s.connect(sys.argv[1])
            q = b"select current_setting('work_mem') || current_setting('statement_timeout') || "
            q += b"current_setting('lock_timeout')\0"
            s.sendall(packet(*me, \#(twice)) + b"Q" + struct.pack("!I", len(q) + 4) + q)
            f = s.makefile("rb"); row = b""
            while not row:
                head = f.read(5); body = f.read(struct.unpack("!I", head[1:])[0] - 4)
                if head[:1] == b"D": row = body[6:]
            print(row.decode())
            """#, try ProxyTrial.socket(conninfo))
        #expect(shown.output == "5MB07s\n", "\(shown)")
    }

    @Test func `a client of a newer protocol that names no database is logged in at the profile's`() throws {
        #expect(try trial.run.pgfob("edit", "orders-stg", "--application-name", "desk").code == 0)
        let (_, conninfo) = try trial.proxy()
        let done = try trial.python(
            """
            import socket, struct, sys
            s = socket.socket(socket.AF_UNIX); s.settimeout(60); s.connect(sys.argv[1]); f = s.makefile("rb")
            body = struct.pack("!I", 3 << 16 | 9999) + b"user\\0jane_doe\\0_pq_.nothing\\0on\\0\\0"
            s.sendall(struct.pack("!I", len(body) + 4) + body)
            def until_ready():
                kinds = ""; row = b""
                while not kinds.endswith("Z"):
                    head = f.read(5); kinds += chr(head[0]); data = f.read(struct.unpack("!I", head[1:])[0] - 4)
                    if head[:1] == b"D": row = data[6:]
                return kinds, row.decode()
            print(until_ready()[0][:2])
            q = b"select current_database() || ' ' || current_setting('application_name')\\0"
            s.sendall(b"Q" + struct.pack("!I", len(q) + 4) + q)
            print(until_ready()[1])
            """, try ProxyTrial.socket(conninfo))
        #expect(done.output == "vR\norders desk\n", "\(done)")
    }
}
