import CLibpq

/// An array of libpq's options, as pairs of those that have a value.
struct LibpqOptions: Sequence {
    private var pairs: [(String, String)] = []

    /// Copies; the array stays its owner's.
    init(_ options: UnsafeMutablePointer<clibpq_option>) {
        var at = options
        while let keyword = at.pointee.keyword {
            if let value = at.pointee.val { pairs.append((String(cString: keyword), String(cString: value))) }
            at += 1
        }
    }

    func makeIterator() -> IndexingIterator<[(String, String)]> { pairs.makeIterator() }

    /// All keywords of the array, with a value or without.
    static func keywords(_ options: UnsafeMutablePointer<clibpq_option>) -> Set<String> {
        var keywords: Set<String> = []
        var at = options
        while let keyword = at.pointee.keyword {
            keywords.insert(String(cString: keyword))
            at += 1
        }
        return keywords
    }
}
