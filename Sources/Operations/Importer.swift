#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import Formats
import Postgres
import Profiles

/// Reads the files of other programs into profiles, to be looked through before any is saved.
package struct Importer: Sendable {
    /// The formats' words, for the command line.
    package static let formats = ImportFormat.allCases.map(\.rawValue)

    private let book: ProfileBook
    private let home: String?

    package init(_ book: ProfileBook, home: String?) {
        self.book = book
        self.home = home
    }

    /// What a file holds, held against what is saved.
    ///
    /// - Parameters:
    ///   - path: `-` is stdin.
    ///   - format: one of ``formats``; nil finds it out.
    /// - Throws: ``Refusal`` where the file cannot be read or is of no known format.
    package func read(_ path: String, format: String?) throws(Refusal) -> Intake {
        let text = try TextFile.read(path, home)
        let named = format.flatMap { ImportFormat(rawValue: $0) }
        guard let format = named ?? ImportFormat.detect(text, path: path) else {
            // An empty text has no profiles, of whatever format.
            guard !text.trimmingBlanks().isEmpty else { return Intake(source: path) }
            throw Refusal(
                .failed, "\(path) is of no format that pgfob knows",
                do: "name it with --format: \(Self.formats.joined(separator: ", "))")
        }
        return try intake(
            of: text, format, source: path == "-" ? "stdin (\(format.words))" : "\(path) (\(format.words))")
    }

    func intake(of text: String, _ format: ImportFormat, source: String) throws(Refusal) -> Intake {
        let reading = format.read(
            text, maker: Self.maker, knownKeywords: ConninfoParser.knownKeywords())
        var intake = Intake(source: source, problems: reading.problems, notes: reading.notes)
        intake.isOwn = format == .json
        let live = try book.live().map(\.profile)
        let known = Dictionary(grouping: live, by: \.connectionKey)
        var taken = Set(live.map(\.foldedName))
        var coming: Set<String> = []
        for draft in reading.drafts {
            var (profile, notes) = (draft.profile, draft.notes)
            let key = profile.connectionKey
            if let there = known[key], let first = there.first {
                let same = there.first { $0.foldedName == profile.foldedName }
                // pgfob's own files may well hold one place under two names: both are meant.
                guard format == .json, same == nil else {
                    intake.items.append(
                        .init(.duplicate, profile, old: same ?? first, place: draft.place, notes: notes))
                    continue
                }
                notes.append("connects as \(first.name) does")
            }
            // Two names for one place in one file are meant; the same twice is not.
            let twice = draft.isNamed ? "\(key)\u{0}\(profile.foldedName)" : key
            guard coming.insert(twice).inserted else {
                intake.notes.append(
                    "\(draft.place.isEmpty ? profile.name : draft.place): the same once more, left out")
                continue
            }
            if !taken.insert(profile.foldedName).inserted {
                let name = Self.freeName(profile.name, &taken)
                if draft.isNamed { notes.append("called \(name): another profile has its name") }
                profile.name = name
            }
            intake.items.append(.init(.new, profile, place: draft.place, notes: notes))
        }
        return intake
    }

    /// `orders (2)`, or the next number that is free; short enough to be a name.
    static func freeName(_ name: String, _ taken: inout Set<String>) -> String {
        var number = 2
        while true {
            let tail = " (\(number))"
            var stem = name
            while stem.utf8.count + tail.utf8.count > 100 { stem.removeLast() }
            if taken.insert(Profile.fold(stem + tail)).inserted { return stem + tail }
            number += 1
        }
    }

    /// libpq decides what it accepts.
    static var maker: ProfileMaker {
        ProfileMaker(knownKeywords: ConninfoParser.knownKeywords()) { text in
            do throws(Refusal) { return .success(try PastedConninfo.settings(of: text)) } catch {
                return .failure(.init("libpq does not read it: \(error.remedy)"))
            }
        }
    }
}

extension Intake.Item {
    /// One line: `new  orders  jo@h.example:5432/orders  iam  prod`.
    package var line: String {
        let user = profile.user.map { "\($0)@" } ?? ""
        let place =
            profile.host.isEmpty ? "service \(profile.service ?? "")" : "\(profile.host):\(profile.port)"
        var words = [
            kind == .duplicate ? "there already" : kind.rawValue, profile.name,
            "\(user)\(place)/\(profile.database)", profile.auth.rawValue,
        ]
        if let environment = profile.environment { words.append(environment.word) }
        if kind == .duplicate, let old { words.append("is \(old.name)") }
        return words.joined(separator: "  ")
    }

    /// What of a saved profile it changes: `engine`-free, field by field, `host a -> b`.
    package var changes: [String] {
        guard kind == .changed, let old else { return [] }
        return ProfileField.allCases.filter { old.text(of: $0) != profile.text(of: $0) }.map {
            "\($0.rawValue): \(old.text(of: $0)) -> \(profile.text(of: $0))"
        }
    }
}

extension Intake {
    /// The preview for a terminal or a pipe: a line for each, what has to be approved marked by `!`.
    package var lines: [String] {
        var lines = ["\(source): \(counts)"]
        for item in items {
            lines.append("  " + item.line)
            lines += item.changes.map { "      \($0)" }
            lines += item.toApprove.map { "    ! \($0.words)" }
            lines += item.notes.map { "      \($0)" }
        }
        lines += problems.map { "  left out  \($0)" }
        return lines + notes.map { "  note: \($0)" }
    }

    /// One object an item, then one a problem.
    package var json: [JSONText] {
        items.map { item in
            .object([
                .init("kind", .string(item.kind.rawValue)), .init("place", .string(item.place)),
                .init("profile", item.profile.json), .init("existing", .optional(item.old?.name)),
                .init(
                    "approve",
                    .array(
                        item.toApprove.map {
                            .object([.init("name", .string($0.name)), .init("value", .string($0.text))])
                        })),
                .init("notes", .array(item.notes.map { .string($0) })),
                .init("aws", item.origin?.json ?? .null),
            ])
        } + problems.map { .object([.init("kind", .string("problem")), .init("text", .string($0))]) }
    }
}

extension Profile {
    /// The writable fields as `export` writes them.
    package var json: JSONText { ProfileJSON.object(self) }
}
