import Secrets
import TLS
import Workers

/// One client from its first packet to its session.
struct ProxyLogin {
    /// Why there is no session.
    enum Ending: Error {
        /// The client is to be told.
        case refused(ProxyRefusal)
        /// The client has gone, or was told.
        case over
    }

    private let near: NetworkStream
    private var reader: WireReader
    private let server: ProxyServer
    private var rules: ProxyRules { server.rules }

    init(_ near: NetworkStream, _ server: ProxyServer) {
        self.near = near
        self.server = server
        reader = WireReader(near)
    }

    // MARK: The client

    /// What the client wants. By then it has proved to be the right user's, where it has to.
    mutating func greet() throws(Ending) -> StartupPacket {
        let wait = server.clientWait()
        while true {
            switch try packet(wait) {
            case .encryption:
                try tell([UInt8(ascii: "N")], wait)
            case .cancel(let key): return .cancel(key: key)
            case .startup(let version, let parameters):
                let wanted = parameters.first { $0.name == "user" }?.value ?? rules.user
                guard wanted == rules.user else {
                    throw .refused(
                        ProxyRefusal(
                            "28000", "this proxy logs in as \(rules.user), and as nobody else: use that user")
                    )
                }
                if let why = rules.againstReplication, StartupPacket.wantsReplication(parameters) {
                    throw .refused(ProxyRefusal("25006", why))
                }
                if let password = rules.password { try demand(password, server.clientWait()) }
                return .startup(version: version, parameters: parameters)
            }
        }
    }

    /// The packet that a client begins with. What is none of PostgreSQL's is closed without a word, as by a server: a
    /// length of fewer than 8 bytes or of megabytes, as other protocols seem to begin with, and nothing at all.
    private mutating func packet(_ wait: Wait) throws(Ending) -> StartupPacket {
        let (length, start) = try quietly { () throws(StreamFailure) in try reader.startupHead(wait) }
        let isStartup = StartupPacket.isStartup(start)
        guard length >= 8, length <= (isStartup ? Wire.limit : StartupPacket.limit) else { throw .over }
        guard length <= StartupPacket.limit else {
            let limit = StartupPacket.limit
            server.refuse(
                near,
                ProxyRefusal("08P01", "a start-up packet has \(limit) bytes at most, and this one \(length)"))
            // Told at once, and heard all the same: who still speaks hears no more once the connection is closed.
            _ = try quietly { () throws(StreamFailure) in try reader.bytes(length - 8, wait) }
            throw .over
        }
        let rest: [UInt8]
        do throws(StreamFailure) { rest = try reader.bytes(length - 8, wait) } catch {
            guard error == .timedOut, isStartup else { throw .over }
            throw .refused(ProxyRefusal("08P01", "the start-up packet did not come whole in time"))
        }
        do throws(ProxyRefusal) { return try StartupPacket(start + rest) } catch { throw .refused(error) }
    }

    private mutating func demand(_ password: Secret, _ wait: Wait) throws(Ending) {
        try tell(Wire.passwordRequest, wait)
        let answer = try quietly { () throws(StreamFailure) in try reader.message(wait) }
        let given = answer.body.prefix { $0 != 0 }
        guard answer.kind == Wire.password, Self.equal(Array(given), Array(password.reveal().utf8)) else {
            throw .refused(
                ProxyRefusal("28P01", "the password is not the one that pgfob proxy has shown: give that one")
            )
        }
    }

    /// In a time that does not depend on where they differ.
    private static func equal(_ left: [UInt8], _ right: [UInt8]) -> Bool {
        guard left.count == right.count else { return false }
        return zip(left, right).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
    }

    // MARK: The server

    /// Logs in for the client, and tells it all that the server says about the session.
    mutating func logIn(
        version: UInt32, _ parameters: [StartupPacket.Parameter]
    ) throws(Ending) -> ProxyPair {
        let told = rules.forwarded(parameters)
        let packet = StartupPacket.message(version: version, told)
        let session = ProxySession(number: server.nextNumber(), client: parameters, told: told)
        for trial in 1...2 {
            let upstream = try upstream(fresh: trial == 2)
            // Whoever was asked may have taken their time.
            let wait = server.serverWait()
            let far = try reach(upstream, wait)
            var answers = WireReader(far)
            do throws(StreamFailure) {
                try far.send(packet, wait: wait)
                let (early, first) = try authenticate(upstream.password, far, &answers, wait)
                // A token that the server would not have may have been at its end: one more try with a new one.
                if first.kind == Wire.error, trial == 1, Self.isTokenRefusal(first) { continue }
                if let pair = try begin(early, first, far, &answers, upstream, session, wait) { return pair }
                // The server's own words were passed on.
                break
            } catch {
                throw .refused(ProxyRefusal("08006", "\(upstream.host): \(error.text)"))
            }
        }
        throw .over
    }

    private func upstream(fresh: Bool) throws(Ending) -> ProxyUpstream {
        do throws(ProxyRefusal) {
            return try server.upstream(fresh, ProxyClient(near.descriptor, server.serverWait()))
        } catch {
            throw .refused(error)
        }
    }

    private func reach(_ upstream: ProxyUpstream, _ wait: Wait) throws(Ending) -> NetworkStream {
        do throws(ProxyRefusal) {
            return try server.connect(upstream.host, at: upstream.address, upstream.port, wait)
        } catch {
            throw .refused(error)
        }
    }

    /// Gives the password where the server asks for it.
    ///
    /// - Returns: what the client may see: what the server said before its word on the login, notices and the
    ///   protocol that it speaks, and that word, that the login is good or why it is not.
    private func authenticate(
        _ password: Secret, _ far: NetworkStream, _ answers: inout WireReader, _ wait: Wait
    ) throws(StreamFailure) -> (early: [UInt8], word: Wire.Message) {
        var early: [UInt8] = []
        while true {
            let message = try answers.message(wait)
            if [Wire.notice, Wire.negotiation].contains(message.kind) {
                try Self.add(message, to: &early)
                continue
            }
            guard let code = message.authentication, code != 0 else { return (early, message) }
            guard code == 3 else {
                throw .closed(
                    text:
                        "the server asks for another login than a token's (\(code)): is \(rules.user) in rds_iam?"
                )
            }
            try far.send(Wire.passwordMessage(password), wait: wait)
        }
    }

    /// Keeps what the client is to be told once there is a session.
    private static func add(_ message: Wire.Message, to shown: inout [UInt8]) throws(StreamFailure) {
        shown += message.bytes
        // However well the server has proved who it is, no memory is for what has no end.
        guard shown.count <= Wire.limit else {
            throw .closed(
                text: "the server says more than \(Wire.limit) bytes before anything is asked of it")
        }
    }

    private static func isTokenRefusal(_ message: Wire.Message) -> Bool {
        message.body.split(separator: 0).contains { $0.elementsEqual(Array("C28000".utf8)) }
    }

    /// Passes on what the server says until it is ready, after what the rules put before the client's first word, or
    /// refuses, which is nil.
    private mutating func begin(
        _ early: [UInt8], _ first: Wire.Message, _ far: NetworkStream, _ answers: inout WireReader,
        _ upstream: ProxyUpstream,
        _ session: ProxySession, _ wait: Wait
    ) throws(StreamFailure) -> ProxyPair? {
        var message = first
        var shown = early
        var key: [UInt8]?
        while message.kind != Wire.ready {
            try Self.add(message, to: &shown)
            if message.kind == Wire.backendKey { key = message.body }
            if message.kind == Wire.error { break }
            message = try answers.message(wait)
        }
        if message.kind == Wire.ready {
            for statement in rules.statements { message = try run(statement, far, &answers, &shown, wait) }
            shown += message.bytes
            // Whole messages alone: the relay begins between two.
            while !answers.isEmpty { try Self.add(answers.message(wait), to: &shown) }
        }
        let place = ProxyPair.Place(
            host: upstream.host, address: far.address?.text ?? upstream.address, port: upstream.port,
            keeping: upstream.keeping)
        let ahead: [UInt8]
        // Before the client can ask for it.
        if message.kind == Wire.ready, let key { server.remember(key, at: place) }
        do throws(StreamFailure) {
            try near.send(shown, wait: wait)
            guard message.kind == Wire.ready else { return nil }
            ahead = reader.takeRest()
            if !ahead.isEmpty { try far.send(ahead, wait: wait) }
        } catch {
            if let key { server.forget(key) }
            throw error
        }
        return ProxyPair(near: near, far: far, key: key, place: place, ahead: ahead, session: session)
    }

    private func run(
        _ statement: String, _ far: NetworkStream, _ answers: inout WireReader, _ shown: inout [UInt8],
        _ wait: Wait
    ) throws(StreamFailure) -> Wire.Message {
        try far.send(Wire.query(statement), wait: wait)
        while true {
            let message = try answers.message(wait)
            if message.kind == Wire.error {
                throw .closed(text: "\(statement) was refused, so that the session would not be guarded")
            }
            if message.kind == Wire.ready { return message }
            // What the client is told of its session: settings that it follows, such as the guard, and notices.
            if [Wire.parameter, Wire.notice].contains(message.kind) { try Self.add(message, to: &shown) }
        }
    }

    // MARK: Telling

    private func tell(_ bytes: [UInt8], _ wait: Wait) throws(Ending) {
        try quietly { () throws(StreamFailure) in try near.send(bytes, wait: wait) }
    }

    /// A client that goes before it has a session needs no words.
    private func quietly<Value>(_ body: () throws(StreamFailure) -> Value) throws(Ending) -> Value {
        do throws(StreamFailure) { return try body() } catch { throw .over }
    }
}
