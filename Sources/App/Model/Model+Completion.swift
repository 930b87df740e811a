import Profiles
import Screen

/// What the palette completes a command's argument to.
extension Model {
    func candidates(_ palette: PaletteState) -> [PaletteState.Candidate] {
        palette.candidates(PaletteCommand.all(options)) { words(for: $0, $1, palette) }
    }

    private func words(for command: PaletteCommand, _ typed: String, _ palette: PaletteState) -> [String] {
        switch command.argument {
        case .none: return []
        case .words(let words): return words
        case .profile: return list.saved.map(\.profile.name)
        case .proxied: return proxied.map(\.profile.name)
        case .text(_, let offer):
            switch offer {
            case nil: return []
            case .groups:
                return Set(list.saved.compactMap(\.profile.group)).sorted() + [PaletteCommand.clearing]
            case .tags: return Set(list.saved.flatMap(\.profile.tags)).sorted()
            case .ownTags: return Set(targets.flatMap(\.profile.tags)).sorted()
            case .environments:
                let own = Set(list.saved.compactMap(\.profile.environment?.word))
                let known = Environment.known.map(\.word)
                return known + own.subtracting(known).sorted() + [PaletteCommand.clearing]
            case .discovery:
                return ["all"] + list.awsProfiles.filter { !$0.isEmpty }.sorted().map { "aws:\($0)" }
            case .trash: return palette.answer
            case .paths:
                let folder = Self.folder(typed)
                let isHidden = typed.dropFirst(folder.count).hasPrefix(".")
                return palette.answer.filter { isHidden || !$0.hasPrefix(".") }.map { folder + $0 }
            }
        }
    }

    /// The part of a path up to its last slash.
    private static func folder(_ path: String) -> String {
        path.lastIndex(of: "/").map { String(path[...$0]) } ?? ""
    }

    /// Asks what only others know, such as the names in a folder, once for each.
    func completion(_ palette: inout PaletteState) -> [Effect] {
        var wanted: Completion?
        if let (command, typed) = palette.withArgument(PaletteCommand.all(options)),
            case .text(_, let offer) = command.argument
        {
            switch offer {
            case .trash: wanted = .trash
            case .paths: wanted = .folder(Self.folder(typed))
            default: break
            }
        }
        guard palette.ask(wanted), let wanted else { return [] }
        return [.complete(wanted)]
    }

    mutating func completed(_ completion: Completion, _ words: [String]) {
        // A help may lie over it.
        guard let place = layers.lastIndex(where: { if case .palette = $0 { true } else { false } }),
            case .palette(var palette) = layers[place]
        else { return }
        palette.answered(completion, words)
        layers[place] = .palette(palette)
    }

    /// Tab: the candidate; of what is only offered as much as all have in common, as in a shell.
    func complete(_ palette: inout PaletteState, _ candidates: [PaletteState.Candidate]) {
        guard candidates.indices.contains(palette.selection) else { return }
        let chosen = candidates[palette.selection]
        if chosen.isOffered, !palette.isChosen {
            let typed = palette.line.text
            let same = candidates.map(\.text).filter { Profile.fold($0).hasPrefix(Profile.fold(typed)) }
            if same.count > 1, let first = same.first {
                let common = same.dropFirst().reduce(first) { $0.commonPrefix(with: $1) }
                if common.count > typed.count { return palette.replace(with: common) }
            }
        }
        let takesMore = !chosen.isArgument && chosen.command.argument != .none
        palette.replace(with: chosen.text + (takesMore ? " " : ""))
    }
}

extension String {
    /// The characters with which both begin.
    fileprivate func commonPrefix(with other: String) -> String {
        String(zip(self, other).prefix { $0 == $1 }.map(\.0))
    }
}
