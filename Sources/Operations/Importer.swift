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
        // Within the quotes of a CSV a line end is somebody's own.
        let raw = try TextFile.readAsIs(path, home)
        var text = PlainText.withLineFeeds(raw)
        let named = format.flatMap { ImportFormat(rawValue: $0) }
        let file = path == "-" ? "stdin" : path
        guard let format = named ?? ImportFormat.detect(text, path: path) else {
            // An empty text has no profiles, of whatever format.
            guard !text.trimmingBlanks().isEmpty else {
                return Intake(source: path, notes: ["there is nothing in \(file)"])
            }
            throw Refusal(
                .failed, "\(file) is of no format that pgfob knows",
                do: "name it with --format: \(Self.formats.joined(separator: ", "))",
                onScreen: "in a shell, name it: pgfob import --format FORMAT FILE")
        }
        if format == .csv { text = raw }
        var intake = try intake(
            of: text, format, beside: { Self.sibling($0, of: path, home) },
            source: "\(file) (\(format.words))")
        intake.file = file
        return intake
    }

    /// The text of another file in the same folder; nil where there is none that can be read.
    private static func sibling(_ name: String, of path: String, _ home: String?) -> String? {
        guard path != "-" else { return nil }
        let folder = path.lastIndex(of: "/").map { path[...$0] } ?? ""
        return TextFile.readBeside(folder + name, home)
    }

    func intake(
        of text: String, _ format: ImportFormat, beside: (String) -> String? = { _ in nil }, source: String
    ) throws(Refusal) -> Intake {
        let keywords = ConninfoParser.knownKeywords()
        let reading = format.read(text, maker: Self.maker(keywords), knownKeywords: keywords, beside: beside)
        var intake = Intake(source: source, problems: reading.problems, notes: reading.notes)
        intake.isOwn = format == .json
        let live = try book.live().map(\.profile)
        let folder = FileManager.default.currentDirectoryPath
        let known = Dictionary(grouping: live, by: \.connectionKey)
        var names = FreeNames(live.map(\.foldedName))
        var coming: Set<String> = []
        let written = Set(reading.drafts.map(\.profile.foldedName))
        for draft in reading.drafts {
            var (profile, notes) = (draft.profile, draft.notes)
            // What pgfob itself has exported comes back as it was.
            if format != .json { profile = profile.placed(in: folder) }
            notes += ConninfoParser.unknown(profile.parameters.keys, among: keywords).map {
                ProfileBook.words(unknown: $0) + ": psql would not start with it"
            }
            let key = profile.connectionKey
            if let there = known[key], let first = there.first {
                // It may have come in before, under a number where its name was taken.
                let same =
                    there.first { $0.foldedName == profile.foldedName }
                    ?? there.first {
                        !written.contains($0.foldedName) && FreeNames.isNumbered($0.name, of: profile.name)
                    }
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
            if !names.take(profile.name) {
                let name = profile.name
                profile.name = names.takeNumbered(name)
                if draft.isNamed { notes.append("another profile is called \(DialAddress.shown(name))") }
            }
            intake.items.append(.init(.new, profile, place: draft.place, notes: notes))
        }
        return intake
    }

    /// libpq decides what it accepts.
    static func maker(_ keywords: Set<String> = ConninfoParser.knownKeywords()) -> ProfileMaker {
        ProfileMaker(knownKeywords: keywords) { text in
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
            lines += item.approvalWords.map { "    ! \($0)" }
            lines += item.notes.map { "      \($0)" }
        }
        lines += problems.map { "  left out  \($0)" }
        return lines + notes.map { "  note: \($0)" }
    }

    /// One object an item, then one a problem and one a note.
    ///
    /// - Parameter approved: whether what of an item has to be approved comes in.
    package func json(approved: (Item) -> Bool) -> [JSONText] {
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
                .init("approved", .bool(item.toApprove.isEmpty || approved(item))),
                .init("notes", .array(item.notes.map { .string($0) })),
                .init("aws", item.origin?.json ?? .null),
            ])
        } + problems.map { .object([.init("kind", .string("problem")), .init("text", .string($0))]) }
            + notes.map { .object([.init("kind", .string("note")), .init("text", .string($0))]) }
    }
}

extension Profile {
    /// The writable fields as `export` writes them.
    package var json: JSONText { ProfileJSON.object(self) }
}
