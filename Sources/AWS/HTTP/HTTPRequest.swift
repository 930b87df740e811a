/// One request. Its headers and body may hold secrets, so it prints as method and place alone.
package struct HTTPRequest: Sendable {
    package struct Header: Sendable, Hashable {
        package var name: String
        package var value: String

        package init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    package var method: String
    package var address: HTTPAddress
    /// Without Host, Content-Length and Connection, which the client writes itself.
    package var headers: [Header]
    package var body: [UInt8]

    package init(_ method: String, _ address: HTTPAddress, headers: [Header] = [], body: [UInt8] = []) {
        self.method = method
        self.address = address
        self.headers = headers
        self.body = body
    }

    /// As it goes onto the wire (RFC 9112, 3 and 6).
    ///
    /// - Parameter absolute: whether the whole address stands in the first line, as a proxy wants it.
    func bytes(absolute: Bool, extra: [Header] = []) -> [UInt8] {
        let target =
            absolute ? "\(address.scheme.rawValue)://\(address.hostHeader)\(address.target)" : address.target
        var text = "\(method) \(target) HTTP/1.1\r\nHost: \(address.hostHeader)\r\n"
        for header in headers + extra {
            // A value that breaks the line would begin a header of its own.
            let value = String(
                String.UnicodeScalarView(
                    header.value.unicodeScalars.filter { $0.value >= 0x20 && $0.value != 0x7f }))
            text += "\(header.name): \(value)\r\n"
        }
        if !body.isEmpty || method == "POST" || method == "PUT" {
            text += "Content-Length: \(body.count)\r\n"
        }
        return Array((text + "\r\n").utf8) + body
    }
}

extension HTTPRequest: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { "\(method) \(address.shown)" }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: []) }
}
