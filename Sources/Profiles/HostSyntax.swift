/// What may stand as a host or a port at all.
package enum HostSyntax {
    /// Whether a text can be a host name, an address or a socket's folder: nothing that breaks a line or a
    /// list, and nothing that ssh, aws or psql would take for an option.
    package static func isValid(_ host: String) -> Bool {
        !host.isEmpty && host.utf8.count <= 255 && !host.hasPrefix("-")
            && host.unicodeScalars.allSatisfy { scalar in
                scalar.value > 0x20 && scalar.value != 0x7f && !(0x80..<0xa0).contains(scalar.value)
                    && !scalar.properties.isWhitespace && !Self.refused.contains(scalar)
            }
    }

    private static let refused: Set<Unicode.Scalar> = [
        ",", "'", "\"", "\\", "`", "$", "?", "#", "@", "=", ";", "&", "|", "<", ">", "(", ")", "{", "}", "*",
        "%",
    ]

    /// A port from 1 to 65535 in plain digits; nil for anything else.
    package static func port(_ text: String) -> Int? {
        guard !text.isEmpty, text.utf8.count <= 5, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            let port = Int(text), (1...65_535).contains(port)
        else { return nil }
        return port
    }
}
