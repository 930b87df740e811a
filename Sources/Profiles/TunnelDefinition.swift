/// What a profile's connections go through, as its field says it.
package enum TunnelDefinition: Sendable, Hashable {
    /// `ssh [USER@]HOST[:PORT]`: the system's ssh, so that HOST may be an alias of ~/.ssh/config.
    case ssh(destination: String, port: Int?)
    /// `ssm TARGET [profile=P] [region=R]`: the Session Manager of AWS, by the aws program.
    case ssm(target: String, awsProfile: String?, region: String?)
    /// `command PROGRAM ARGUMENT...`: any program that listens at `{port}`.
    case command([String])
    /// One word: an entry under `[tunnels]` in config.toml, which profiles share.
    case named(String)

    /// What stands for the local port, the database's host and its port in a command.
    package static let placeholders = ["{port}", "{host}", "{remote_port}"]

    /// Reads the field.
    ///
    /// - Throws: ``Malformed`` with what was expected.
    package init(_ text: String) throws(Malformed) {
        let trimmed = text.trimmingBlanks()
        guard let words = ShellWords.split(trimmed) else {
            throw Malformed(expected: "has a quote that is not closed")
        }
        guard let kind = words.first else {
            throw Malformed(expected: "is empty: write ssh HOST, ssm TARGET or command PROGRAM ... {port}")
        }
        switch kind {
        case "ssh":
            guard words.count == 2, let (destination, port) = Self.destination(words[1]) else {
                throw Malformed(expected: "is not ssh [USER@]HOST[:PORT]; options belong into ~/.ssh/config")
            }
            self = .ssh(destination: destination, port: port)
        case "ssm":
            self = try Self.ssm(Array(words.dropFirst()))
        case "command":
            let command = Array(words.dropFirst())
            guard let program = command.first, !program.isEmpty, !program.hasPrefix("-") else {
                throw Malformed(expected: "names no program: write command PROGRAM ... {port} ...")
            }
            guard command.dropFirst().contains(where: { $0.contains("{port}") }) else {
                throw Malformed(expected: "has no {port}, at which the program has to listen")
            }
            self = .command(command)
        default:
            guard words.count == 1, Self.isWord(kind) else {
                throw Malformed(
                    expected:
                        "is not ssh HOST, ssm TARGET, command PROGRAM ... {port} or a name in config.toml")
            }
            self = .named(kind)
        }
    }

    /// Why a text is no tunnel.
    package struct Malformed: Error, Sendable, Hashable {
        package var expected: String

        package init(expected: String) { self.expected = expected }
    }

    /// The word for its kind, as the list shows it.
    package var kind: String {
        switch self {
        case .ssh: "ssh"
        case .ssm: "ssm"
        case .command: "cmd"
        case .named: "tun"
        }
    }

    /// How it reads in a sentence.
    package var words: String {
        switch self {
        case .ssh(let destination, let port): "ssh \(destination)\(port.map { ":\($0)" } ?? "")"
        case .ssm(let target, _, _): "ssm \(target)"
        case .command(let words): words.first?.split(separator: "/").last.map(String.init) ?? "command"
        case .named(let name): name
        }
    }

    private static func ssm(_ words: [String]) throws(Malformed) -> TunnelDefinition {
        let expected = Malformed(
            expected: "is not ssm TARGET [profile=P] [region=R], TARGET as in i-0123456789abcdef0")
        guard let target = words.first, isWord(target, beside: ":") else { throw expected }
        var (awsProfile, region): (String?, String?)
        for word in words.dropFirst() {
            let parts = word.split(separator: "=", maxSplits: 1).map(String.init)
            guard parts.count == 2, !parts[1].hasPrefix("-") else { throw expected }
            switch parts[0] {
            case "profile": awsProfile = parts[1]
            case "region" where Region(rawValue: parts[1]) != nil: region = parts[1]
            default: throw expected
            }
        }
        return .ssm(target: target, awsProfile: awsProfile, region: region)
    }

    /// What ssh takes for a destination and nothing else: a user's ProxyCommand may put it into a shell's hands.
    private static func destination(_ text: String) -> (String, Int?)? {
        var text = text[...]
        var user = ""
        if let at = text.lastIndex(of: "@") {
            user = String(text[..<at])
            text = text[text.index(after: at)...]
            guard isWord(user, beside: "+@") else { return nil }
            user += "@"
        }
        guard let place = DialAddress(String(text), defaultPort: 0),
            isWord(place.host, beside: ":%")
        else { return nil }
        return (user + place.host, place.port == 0 ? nil : place.port)
    }

    /// Letters, digits, dots, dashes and underscores, not beginning with a dash.
    private static func isWord(_ text: String, beside more: String = "") -> Bool {
        guard !text.isEmpty, text.utf8.count <= 255, !text.hasPrefix("-") else { return false }
        return text.utf8.allSatisfy { byte in
            (0x30...0x39).contains(byte) || (0x41...0x5a).contains(byte) || (0x61...0x7a).contains(byte)
                || [0x2d, 0x2e, 0x5f].contains(byte) || more.utf8.contains(byte)
        }
    }
}
