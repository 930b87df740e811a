import Profiles
import TOMLKit

/// A table of a TOML file: values by key, and complaints that name file, line and key.
package struct TOMLSection {
    let file: TOMLFile
    let table: TOMLTable
    /// Dotted, empty at the top level.
    let name: String
    /// Which of several tables of that name.
    let occurrence: Int

    package var keys: [String] { table.keys.sorted() }

    /// `FILE:LINE` of a key, or of the table itself.
    package func place(of key: String? = nil) -> String { file.place(of: key, in: name, occurrence) }

    /// The line of a key, or of the table itself, from 1.
    package func line(of key: String? = nil) -> Int? { file.line(of: key, in: name, occurrence) }

    /// The key as complaints name it.
    package func full(_ key: String) -> String { name.isEmpty ? key : "\(name).\(key)" }

    /// - Throws: ``TOMLProblem`` where it is of another type, as all of the following.
    package func text(_ key: String) throws(TOMLProblem) -> String? {
        guard let value = table[key] else { return nil }
        guard let text = value.string else { throw wrong(key, "a text", "\(key) = \"...\"") }
        return text.isEmpty ? nil : text
    }

    /// A text, or a number as one.
    package func word(_ key: String) throws(TOMLProblem) -> String? {
        if let number = table[key]?.int { return String(number) }
        return try text(key)
    }

    package func flag(_ key: String) throws(TOMLProblem) -> Bool? {
        guard let value = table[key] else { return nil }
        guard let flag = value.bool else { throw wrong(key, "a flag", "\(key) = true or false") }
        return flag
    }

    package func number(_ key: String, _ range: ClosedRange<Int>) throws(TOMLProblem) -> Int? {
        guard let value = table[key] else { return nil }
        let wanted = "\(range.lowerBound) to \(range.upperBound)"
        guard let number = value.int else { throw wrong(key, "a number", wanted) }
        guard range.contains(number) else { throw wrong(key, wanted, wanted, found: " \(number)") }
        return number
    }

    /// One text, or a list of texts.
    package func texts(_ key: String) throws(TOMLProblem) -> [String]? {
        guard let value = table[key] else { return nil }
        if let text = value.string { return [text] }
        var texts: [String] = []
        for element in value.array.map(Array.init) ?? [] {
            guard let text = element.string else { break }
            texts.append(text)
        }
        guard let array = value.array, texts.count == array.count else {
            throw wrong(key, "a text or a list of texts", "\(key) = [\"...\"]")
        }
        return texts
    }

    /// One of some words.
    package func choice(_ key: String, _ words: [String]) throws(TOMLProblem) -> String? {
        guard let text = try text(key) else { return nil }
        guard words.contains(text) else {
            let nearest = Nearest.match(text, among: words)
            throw TOMLProblem(
                "\(place(of: key)): \(full(key)) is no \"\(DialAddress.shown(text))\"",
                do: nearest.map { "did you mean \($0)?" } ?? "choose \(words.joined(separator: ", "))",
                line: line(of: key))
        }
        return text
    }

    /// A table inside this one; nil where it is absent.
    package func section(_ key: String) throws(TOMLProblem) -> TOMLSection? {
        guard let value = table[key] else { return nil }
        guard let inner = value.table else { throw wrong(key, "a table", "[\(full(key))]") }
        return TOMLSection(file: file, table: inner, name: full(key), occurrence: 0)
    }

    /// The tables of a list: `[[key]]`.
    package func sections(_ key: String) throws(TOMLProblem) -> [TOMLSection] {
        guard let value = table[key] else { return [] }
        guard let array = value.array else { throw wrong(key, "a list of tables", "[[\(full(key))]]") }
        var found: [TOMLSection] = []
        for (number, element) in array.enumerated() {
            guard let inner = element.table else { throw wrong(key, "a list of tables", "[[\(full(key))]]") }
            found.append(TOMLSection(file: file, table: inner, name: full(key), occurrence: number))
        }
        return found
    }

    /// - Throws: ``TOMLProblem`` where a key is not among those that are known.
    package func refuseOthers(than known: [String]) throws(TOMLProblem) {
        if let other = others(than: known).first { throw other.problem }
    }

    /// Each key that is not among those that are known, with a complaint.
    package func others(than known: [String]) -> [(key: String, problem: TOMLProblem)] {
        keys.filter { !known.contains($0) }.map { key in
            let nearest = Nearest.match(key, among: known)
            let problem = TOMLProblem(
                "\(place(of: key)): \(full(key)) is unknown",
                do: nearest.map { "did you mean \($0)?" } ?? "take \(known.joined(separator: ", "))",
                line: line(of: key))
            return (key, problem)
        }
    }

    private func wrong(_ key: String, _ what: String, _ remedy: String, found: String = "") -> TOMLProblem {
        TOMLProblem(
            "\(place(of: key)): \(full(key))\(found) is not \(what)", do: "write \(remedy)",
            line: line(of: key))
    }
}
