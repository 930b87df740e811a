/// Cuts what a program writes into lines, in whatever pieces it comes.
struct LineSplitter {
    private static let keptBytes = 4096

    private var partial: [UInt8] = []

    /// The lines that end within some bytes that came; the rest is kept for the next.
    mutating func lines(_ new: some Collection<UInt8>) -> [String] {
        var found: [String] = []
        var rest = (partial + new)[...]
        while let end = rest.firstIndex(where: { $0 == 0x0a || $0 == 0x0d }) {
            if end > rest.startIndex { found.append(Self.text(rest[..<end])) }
            rest = rest[(end + 1)...]
        }
        partial = Array(rest.suffix(Self.keptBytes))
        return found
    }

    /// What came after the last line's end; nil where nothing did.
    mutating func rest() -> String? {
        defer { partial = [] }
        return partial.isEmpty ? nil : Self.text(partial)
    }

    private static func text(_ bytes: some Collection<UInt8>) -> String {
        String(decoding: bytes, as: UTF8.self)
    }
}
