/// Pulls elements out of a document (XML 1.0, the part of it that AWS and other programs' settings use): no document
/// type, and so no entities that could multiply.
struct XMLScanner {
    /// Deeper than anything that is read here.
    private static let depthLimit = 64

    private let bytes: [UInt8]
    private var at = 0

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        if bytes.starts(with: [0xef, 0xbb, 0xbf]) { at = 3 }
    }

    /// The root element; nothing but comments and blanks may stand around it.
    mutating func document() throws(XMLNode.Malformed) -> XMLNode {
        try skipProlog()
        guard at < bytes.count, bytes[at] == 0x3c else { throw malformed("there is no element") }
        // The open elements, the innermost last.
        var open: [XMLNode] = []
        while true {
            guard at < bytes.count else { throw malformed("it ends inside an element") }
            if bytes[at] != 0x3c {
                let text = try characters()
                open[open.count - 1].text += text
                continue
            }
            if starts("<!--") {
                try skip(past: "-->")
            } else if starts("<![CDATA[") {
                at += 9
                let start = at
                try skip(past: "]]>")
                guard !open.isEmpty else { throw malformed("text stands outside of the root") }
                open[open.count - 1].text += String(decoding: bytes[start..<(at - 3)], as: UTF8.self)
            } else if starts("<?") {
                try skip(past: "?>")
            } else if starts("<!") {
                throw malformed("it has a document type, which is not read")
            } else if starts("</") {
                at += 2
                let name = try self.name()
                skipBlanks()
                guard take(0x3e), let node = open.popLast(), node.name == name else {
                    throw malformed("an end tag does not match")
                }
                if open.isEmpty { return try end(node) }
                open[open.count - 1].children.append(Self.trimmed(node))
            } else {
                let start = at
                at += 1
                var node = XMLNode(name: try name())
                node.offset = start
                let isEmpty = try attributes(of: &node)
                guard open.count < Self.depthLimit else { throw malformed("it is nested too deep") }
                if !isEmpty {
                    open.append(node)
                } else if open.isEmpty {
                    return try end(node)
                } else {
                    open[open.count - 1].children.append(node)
                }
            }
        }
    }

    private mutating func end(_ root: XMLNode) throws(XMLNode.Malformed) -> XMLNode {
        try skipProlog()
        guard at == bytes.count else { throw malformed("something stands behind the root") }
        return Self.trimmed(root)
    }

    /// An element with children has no text of its own, only the layout between them.
    private static func trimmed(_ node: XMLNode) -> XMLNode {
        guard !node.children.isEmpty else { return node }
        var node = node
        node.text = ""
        return node
    }

    private mutating func skipProlog() throws(XMLNode.Malformed) {
        while true {
            skipBlanks()
            if starts("<?") {
                try skip(past: "?>")
            } else if starts("<!--") {
                try skip(past: "-->")
            } else {
                return
            }
        }
    }

    private mutating func name() throws(XMLNode.Malformed) -> String {
        let start = at
        while at < bytes.count, Self.isName(bytes[at]) { at += 1 }
        // The prefix of a namespace tells nothing here.
        let name = bytes[start..<at]
        let local = name.lastIndex(of: 0x3a).map { name[($0 + 1)...] } ?? name
        guard !local.isEmpty else { throw malformed("a tag has no name") }
        return String(decoding: local, as: UTF8.self)
    }

    private static func isName(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, 0x2d, 0x2e, 0x3a, 0x5f, 0x80...0xff: true
        default: false
        }
    }

    /// - Returns: whether the element ends with its tag.
    private mutating func attributes(of node: inout XMLNode) throws(XMLNode.Malformed) -> Bool {
        while true {
            skipBlanks()
            guard at < bytes.count else { throw malformed("it ends inside a tag") }
            if take(0x3e) { return false }
            if starts("/>") {
                at += 2
                return true
            }
            let name = try name()
            skipBlanks()
            guard take(0x3d) else { throw malformed("an attribute has no value") }
            skipBlanks()
            guard at < bytes.count, bytes[at] == 0x22 || bytes[at] == 0x27 else {
                throw malformed("an attribute's value has no quotes")
            }
            let quote = bytes[at]
            at += 1
            node.attributes[name] = try characters(until: quote)
            guard take(quote) else { throw malformed("it ends inside an attribute") }
        }
    }

    private mutating func characters(until end: UInt8 = 0x3c) throws(XMLNode.Malformed) -> String {
        var text: [UInt8] = []
        while at < bytes.count, bytes[at] != end {
            if bytes[at] == 0x26 {
                text += try reference()
            } else {
                text.append(bytes[at])
                at += 1
            }
        }
        return String(decoding: text, as: UTF8.self)
    }

    private static let entities: [String: UInt8] = [
        "lt": 0x3c, "gt": 0x3e, "amp": 0x26, "apos": 0x27, "quot": 0x22,
    ]

    /// `&amp;` and its four kin, `&#38;`, `&#x26;` (XML 1.0, 4.1).
    private mutating func reference() throws(XMLNode.Malformed) -> [UInt8] {
        let start = at + 1
        guard let end = bytes[start...].prefix(12).firstIndex(of: 0x3b) else {
            throw malformed("a reference has no end")
        }
        let body = String(decoding: bytes[start..<end], as: UTF8.self)
        at = end + 1
        if let character = Self.entities[body] { return [character] }
        var number: UInt32?
        if body.hasPrefix("#x") {
            number = UInt32(body.dropFirst(2), radix: 16)
        } else if body.hasPrefix("#") {
            number = UInt32(body.dropFirst(1))
        }
        guard let scalar = number.flatMap(Unicode.Scalar.init) else {
            throw malformed("a reference is not known")
        }
        return Array(String(Character(scalar)).utf8)
    }

    // MARK: Bytes

    private func starts(_ text: StaticString) -> Bool {
        let count = text.utf8CodeUnitCount
        guard at + count <= bytes.count else { return false }
        return (0..<count).allSatisfy { bytes[at + $0] == text.utf8Start[$0] }
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard at < bytes.count, bytes[at] == byte else { return false }
        at += 1
        return true
    }

    private mutating func skipBlanks() {
        while at < bytes.count, [0x20, 0x09, 0x0a, 0x0d].contains(bytes[at]) { at += 1 }
    }

    private mutating func skip(past text: StaticString) throws(XMLNode.Malformed) {
        while at < bytes.count {
            if starts(text) {
                at += text.utf8CodeUnitCount
                return
            }
            at += 1
        }
        throw malformed("it ends inside \(text.description.prefix(1) == "-" ? "a comment" : "a section")")
    }

    private func malformed(_ what: String) -> XMLNode.Malformed {
        let line = bytes[..<min(at, bytes.count)].count { $0 == 0x0a } + 1
        return XMLNode.Malformed(text: "the XML is malformed at byte \(at), line \(line): \(what)")
    }
}
