/// An element of an XML document: its name, its attributes, its text and what is inside. Read without DTDs and without entities of the
/// document's own, so that there is nothing to bomb.
package struct XMLNode: Sendable {
    package var name: String
    package var text = ""
    package var attributes: [String: String] = [:]
    package var children: [XMLNode] = []
    /// Where its tag begins, in bytes of the document.
    package var offset = 0

    /// Why a text is not read as XML.
    package struct Malformed: Error, Sendable, Hashable {
        package var text: String

        package init(text: String) {
            self.text = text
        }
    }

    init(name: String) {
        self.name = name
    }

    /// The first child of a name.
    package subscript(name: String) -> XMLNode? { children.first { $0.name == name } }

    /// The text at the end of a path of names; nil where a step of it is missing.
    package func text(_ path: String...) -> String? {
        var node = self
        for name in path {
            guard let next = node[name] else { return nil }
            node = next
        }
        return node.text
    }

    /// The children of a list: `<DBClusters><DBCluster>…`, `<List><member>…`.
    package func list(_ name: String) -> [XMLNode] { self[name]?.children ?? [] }

    /// Reads a document.
    package static func read(_ bytes: [UInt8]) throws(Malformed) -> XMLNode {
        var scanner = XMLScanner(bytes)
        return try scanner.document()
    }
}
