/// Reads one field's text, each kind in one place; what it throws names the field and what was expected.
struct FieldReader {
    let field: ProfileField
    let text: String

    private var trimmed: String { text.trimmingBlanks() }

    private func problem(_ expected: String) -> FieldProblem {
        let repeated = repeatable.map { "\"\(DialAddress.shown($0))\" " } ?? ""
        return FieldProblem(field, repeated + expected)
    }

    /// What of the text a message may repeat: a URI whose password was not encoded breaks into pieces, and one of the
    /// password's then stands where the host or the port does.
    private var repeatable: String? {
        switch field {
        case .host, .dial, .signingHost:
            text.lastIndex(of: "@").map { "..." + text[$0...] } ?? text
        case .port: text.utf8.allSatisfy { (0x30...0x39).contains($0) } ? text : nil
        default: text
        }
    }

    private func refuseSecret(in line: String) throws(FieldProblem) {
        guard SecretText.isAbsent(from: line) else {
            throw FieldProblem(field, "has a secret in it: pgfob stores none, leave it out")
        }
    }

    /// One line of at most so many bytes; nil where empty.
    func line(limit: Int) throws(FieldProblem) -> String? {
        let line = trimmed
        guard !line.isEmpty else { return nil }
        guard line.utf8.count <= limit else {
            throw FieldProblem(field, "is \(line.utf8.count) bytes long: at most \(limit) are kept")
        }
        guard LabelSyntax.isFit(line) else {
            throw problem("has a line break, a control character or an invisible one: type it on one line")
        }
        try refuseSecret(in: line)
        return line
    }

    func database() throws(FieldProblem) -> String? {
        guard let name = try line(limit: 63) else { return nil }
        let isAddress = ["postgresql://", "postgres://"].contains { name.lowercased().hasPrefix($0) }
        guard !isAddress, !name.contains("=") else {
            // PostgreSQL documentation, "PQconnectdbParams": expand_dbname. It may well hold a password.
            throw FieldProblem(
                field, "is a connection string, which libpq takes apart: give the database's name alone")
        }
        return name
    }

    func user() throws(FieldProblem) -> String? {
        guard let name = try line(limit: 63) else { return nil }
        guard let at = name.lastIndex(of: "@"), name[..<at].contains(":") else { return name }
        throw FieldProblem(field, "reads as USER:PASSWORD@HOST: pgfob stores no secret, give the user alone")
    }

    /// A line that may be handed to another program and so must not look like an option.
    func label(limit: Int) throws(FieldProblem) -> String? {
        guard let line = try line(limit: limit) else { return nil }
        guard !line.hasPrefix("-") else {
            throw problem("begins with '-', which programs take for an option: begin with another character")
        }
        return line
    }

    func host() throws(FieldProblem) -> String? {
        let host = trimmed
        guard !host.isEmpty else { return nil }
        guard !host.contains(",") else {
            throw problem("is a list: a profile has one host, make one for each")
        }
        guard let written = WrittenHost(host) else {
            let (what, remedy) = WrittenHost.refusal(of: host)
            throw problem("\(what): \(remedy)")
        }
        if let port = written.port {
            throw problem("has a port in it: give the host alone, and \(port) as its port")
        }
        return written.host
    }

    func port() throws(FieldProblem) -> Int? {
        guard !trimmed.isEmpty else { return nil }
        guard let port = HostSyntax.port(trimmed) else { throw problem("is not a number 1-65535") }
        return port
    }

    func number(_ range: ClosedRange<Int>) throws(FieldProblem) -> Int? {
        guard !trimmed.isEmpty else { return nil }
        guard trimmed.utf8.count <= 9, trimmed.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            let number = Int(trimmed), range.contains(number)
        else { throw problem("is not a number of seconds \(range.lowerBound)-\(range.upperBound)") }
        return number
    }

    func region() throws(FieldProblem) -> Region? {
        guard !trimmed.isEmpty else { return nil }
        guard let region = Region(rawValue: trimmed) else {
            throw problem("is not a region such as eu-west-1")
        }
        return region
    }

    func address() throws(FieldProblem) -> String? {
        guard !trimmed.isEmpty else { return nil }
        guard DialAddress(trimmed, defaultPort: Profile.defaultPort) != nil else {
            throw problem("is not NAME, ADDRESS, HOST:PORT or [V6]:PORT")
        }
        return trimmed
    }

    func tunnel() throws(FieldProblem) -> String? {
        guard let text = try line(limit: 2000) else { return nil }
        do throws(TunnelDefinition.Malformed) {
            _ = try TunnelDefinition(text)
        } catch {
            throw problem(error.expected)
        }
        return text
    }

    func choice<Choice: RawRepresentable & CaseIterable>() throws(FieldProblem) -> Choice?
    where Choice.RawValue == String {
        guard !trimmed.isEmpty else { return nil }
        guard let choice = Choice(rawValue: trimmed.lowercased()) else {
            let words = Choice.allCases.map(\.rawValue)
            let nearest = Nearest.match(trimmed, among: words).map { " (did you mean \($0)?)" } ?? ""
            throw problem("is none of \(words.joined(separator: ", "))\(nearest)")
        }
        return choice
    }

    func flag() throws(FieldProblem) -> Bool? {
        switch trimmed.lowercased() {
        case "": return nil
        case "yes", "true", "on", "1": return true
        case "no", "false", "off", "0": return false
        default: throw problem("is neither yes nor no")
        }
    }

    func tags() throws(FieldProblem) -> [String] {
        var tags: [String] = []
        for part in text.split(separator: ",") {
            let reader = FieldReader(field: field, text: String(part))
            guard let tag = try reader.line(limit: 60) else { continue }
            guard !tag.contains(where: \.isWhitespace) else {
                throw reader.problem("has a blank: separate tags by commas")
            }
            if !tags.contains(tag) { tags.append(tag) }
        }
        return tags
    }

    func notes() throws(FieldProblem) -> String {
        guard text.utf8.count <= 20_000 else {
            throw FieldProblem(field, "is \(text.utf8.count) bytes long: at most 20000 are kept")
        }
        try refuseSecret(in: text)
        return text.trimmingBlanks()
    }

    func parameters() throws(FieldProblem) -> [String: String] {
        guard text.utf8.count <= 20_000 else {
            throw FieldProblem(field, "is \(text.utf8.count) bytes long: at most 20000 are kept")
        }
        guard let settings = Conninfo.read(text) else {
            throw problem("is not keyword=value pairs, values with blanks in single quotes")
        }
        var parameters: [String: String] = [:]
        for setting in settings {
            try Self.judge(parameter: setting.keyword, value: setting.value)
            parameters[setting.keyword] = setting.value
        }
        return parameters
    }

    /// Refuses what has a field of its own and what would carry a secret.
    static func judge(parameter keyword: String, value: String) throws(FieldProblem) {
        let isName = keyword.utf8.allSatisfy {
            (0x61...0x7a).contains($0) || $0 == 0x5f || (0x30...0x39).contains($0)
        }
        guard !keyword.isEmpty, keyword.utf8.count <= 63, isName else {
            throw FieldProblem(
                .parameters,
                "\"\(DialAddress.shown(keyword))\" is not a libpq keyword: small letters, digits and '_'")
        }
        if Parameters.secret.contains(keyword) {
            throw FieldProblem(
                .parameters, "\(keyword) is refused: pgfob stores no secret; use auth pgpass or iam")
        }
        if let own = Parameters.fields[keyword] {
            throw FieldProblem(.parameters, "\(keyword) has a field of its own: set \(own.rawValue)")
        }
        guard LabelSyntax.isFit(value) else {
            throw FieldProblem(.parameters, "the value of \(keyword) has a line break: type it on one line")
        }
        guard SecretText.isAbsent(from: value) else {
            throw FieldProblem(
                .parameters,
                "the value of \(keyword) has a secret in it: pgfob stores none, leave it out")
        }
    }
}
