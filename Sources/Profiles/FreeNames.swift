/// Names that are taken, and the next free ones; tens of thousands of the same name cost no more than as many others.
package struct FreeNames: Sendable {
    private var taken: Set<String>
    /// The number after the last that was given out, by the name's folded form.
    private var next: [String: Int] = [:]

    /// - Parameter folded: names as ``Profile/fold(_:)`` makes them.
    package init(_ folded: some Sequence<String>) { taken = Set(folded) }

    /// Takes a name.
    ///
    /// - Returns: false where it is taken already.
    @discardableResult
    package mutating func take(_ name: String) -> Bool { taken.insert(Profile.fold(name)).inserted }

    package func isTaken(_ name: String) -> Bool { taken.contains(Profile.fold(name)) }

    package mutating func free(_ name: String) { taken.remove(Profile.fold(name)) }

    /// Whether a name is another's with a number behind it, as ``takeNumbered(_:)`` makes them.
    package static func isNumbered(_ name: String, of stem: String) -> Bool {
        guard name.hasSuffix(")"), let open = name.lastIndex(of: "("), open > name.startIndex,
            Int(name[name.index(after: open)...].dropLast()) != nil
        else { return false }
        let start = name[..<open]
        guard start.hasSuffix(" ") else { return false }
        let (folded, whole) = (Profile.fold(String(start.dropLast())), Profile.fold(stem))
        // A long one was cut for the number.
        return folded == whole || name.utf8.count > 90 && whole.hasPrefix(folded)
    }

    /// Takes `orders (2)`, or the next number that is free; short enough to be a name.
    package mutating func takeNumbered(_ name: String) -> String {
        let folded = Profile.fold(name)
        var number = next[folded] ?? 2
        while true {
            let tail = " (\(number))"
            var stem = name
            while stem.utf8.count + tail.utf8.count > 100 { stem.removeLast() }
            number += 1
            next[folded] = number
            if take(stem + tail) { return stem + tail }
        }
    }
}
