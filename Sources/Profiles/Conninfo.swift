/// A connection string as a value: libpq's keywords with their values, in the order of printing.
///
/// The quoting is that of the PostgreSQL documentation, "Connection Strings".
package struct Conninfo: Sendable, Hashable {
    package struct Setting: Sendable, Hashable {
        package var keyword: String
        package var value: String

        package init(_ keyword: String, _ value: String) {
            self.keyword = keyword
            self.value = value
        }
    }

    package var settings: [Setting]

    package init(settings: [Setting] = []) {
        self.settings = settings
    }

    package init(_ pairs: some Sequence<(key: String, value: String)>) {
        settings = pairs.map { Setting($0.key, $0.value) }
    }

    /// A keyword's value; setting one that is not there adds it at the end, nil takes it away.
    package subscript(keyword: String) -> String? {
        get { settings.last { $0.keyword == keyword }?.value }
        set {
            let index = settings.lastIndex { $0.keyword == keyword }
            switch (index, newValue) {
            case (let index?, let value?): settings[index].value = value
            case (let index?, nil): settings.remove(at: index)
            case (nil, let value?): settings.append(Setting(keyword, value))
            case (nil, nil): break
            }
        }
    }

    // MARK: keyword=value

    /// `host=… port=…`, values with blanks, quotes or backslashes in single quotes.
    package var keywordText: String {
        settings.map { "\($0.keyword)=\(Self.quoted($0.value))" }.joined(separator: " ")
    }

    private static func quoted(_ value: String) -> String {
        let plain = value.unicodeScalars.allSatisfy {
            $0 != "'" && $0 != "\\" && !$0.properties.isWhitespace && $0.value > 0x20
        }
        guard value.isEmpty || !plain else { return value }
        var text = "'"
        for scalar in value.unicodeScalars {
            if scalar == "'" || scalar == "\\" { text.unicodeScalars.append("\\") }
            text.unicodeScalars.append(scalar)
        }
        return text + "'"
    }

    /// Reads `keyword=value` text as libpq does: blanks around `=`, single quotes, backslash escapes, a later
    /// one of the same keyword wins. Nil where libpq would refuse it.
    package static func read(_ text: String) -> [Setting]? {
        var settings: [Setting] = []
        let scalars = Array(text.unicodeScalars)
        var at = 0
        func skipBlanks() { while at < scalars.count, isBlank(scalars[at]) { at += 1 } }
        while true {
            skipBlanks()
            guard at < scalars.count else { break }
            var keyword = String.UnicodeScalarView()
            while at < scalars.count, scalars[at] != "=", !isBlank(scalars[at]) {
                keyword.append(scalars[at])
                at += 1
            }
            skipBlanks()
            guard at < scalars.count, scalars[at] == "=", !keyword.isEmpty else { return nil }
            at += 1
            skipBlanks()
            guard let value = readValue(scalars, &at) else { return nil }
            let setting = current(Setting(String(keyword), value))
            settings.removeAll { $0.keyword == setting.keyword }
            settings.append(setting)
        }
        return settings
    }

    /// What libpq makes of a keyword of long ago (`conninfo_storeval` of its fe-connect.c).
    private static func current(_ setting: Setting) -> Setting {
        guard setting.keyword == "requiressl" else { return setting }
        return Setting("sslmode", setting.value.hasPrefix("1") ? "require" : "prefer")
    }

    /// What ends a word for libpq: C's `isspace` knows ASCII's blanks alone.
    private static func isBlank(_ scalar: Unicode.Scalar) -> Bool {
        scalar == " " || (0x09...0x0d).contains(scalar.value)
    }

    private static func readValue(_ scalars: [Unicode.Scalar], _ at: inout Int) -> String? {
        var value = String.UnicodeScalarView()
        let quoted = at < scalars.count && scalars[at] == "'"
        if quoted { at += 1 }
        while at < scalars.count {
            let scalar = scalars[at]
            if quoted, scalar == "'" {
                at += 1
                return String(value)
            }
            if !quoted, isBlank(scalar) { break }
            at += 1
            if scalar == "\\" {
                // A trailing backslash is dropped, as libpq does.
                guard at < scalars.count else { break }
                value.append(scalars[at])
                at += 1
            } else {
                value.append(scalar)
            }
        }
        return quoted ? nil : String(value)
    }

    // MARK: URI

    /// `postgresql://user@host:port/dbname?…`, percent-encoded (RFC 3986).
    package var uriText: String {
        var text = "postgresql://"
        if let user = self["user"] { text += Self.encoded(user) + "@" }
        if let host = self["host"] {
            // A socket's folder may have a colon too, and is no address of IPv6.
            let isAddress = host.contains(":") && !HostSyntax.isSocket(host)
            text += isAddress ? "[\(host)]" : Self.encoded(host)
            // A port without a host would read as part of the user: it goes with the host or into the query.
            if let port = self["port"] { text += ":" + Self.encoded(port) }
        }
        if let database = self["dbname"] { text += "/" + Self.encoded(database) }
        let placed: Set<String> =
            self["host"] == nil ? ["user", "dbname"] : ["user", "host", "port", "dbname"]
        let rest = settings.filter { !placed.contains($0.keyword) }
        if !rest.isEmpty {
            text += "?" + rest.map { "\($0.keyword)=\(Self.encoded($0.value))" }.joined(separator: "&")
        }
        return text
    }

    /// The same with everything in its query: ASCII alone, and no character of it is a quote, a blank or a backslash.
    package var queryText: String {
        "postgresql://?" + settings.map { "\($0.keyword)=\(Self.encoded($0.value))" }.joined(separator: "&")
    }

    private static func encoded(_ text: String) -> String {
        let digits = Array("0123456789ABCDEF")
        var result = ""
        for byte in text.utf8 {
            switch byte {
            case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, 0x2d, 0x2e, 0x5f, 0x7e:
                result.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                result += "%\(digits[Int(byte >> 4)])\(digits[Int(byte & 15)])"
            }
        }
        return result
    }

    // MARK: psql

    /// `psql "host=…"` for a shell: in double quotes where nothing in it means something to the shell, else in
    /// single ones.
    package var psqlText: String {
        let text = keywordText
        let special: Set<Unicode.Scalar> = ["\"", "$", "`", "\\", "!"]
        guard text.unicodeScalars.contains(where: special.contains) else { return "psql \"\(text)\"" }
        return "psql \(ShellWords.quoted(text))"
    }
}
