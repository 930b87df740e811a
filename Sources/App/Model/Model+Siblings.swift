#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import Profiles
import Screen

/// `o`: the other endpoints of the selected profile's cluster.
extension Model {
    /// Those that profiles stand for, by their names and by what AWS said of them, and the writer and the reader, which
    /// every cluster has.
    var siblings: [Sibling] {
        guard let selected = list.selected else { return [] }
        let host = HostName(selected.profile.host)
        guard host.isSignable else { return [] }
        var saved: [SavedProfile] = []
        var hosts: Set<String> = [HostName.normalised(host.text)]
        for place in places(besides: selected, host) {
            let other = list.saved[place]
            let name = HostName.normalised(other.profile.host)
            if hosts.insert(name).inserted {
                saved.append(other)
            } else if let before = saved.firstIndex(where: { HostName.normalised($0.profile.host) == name }),
                selected.profile.likeness(to: other.profile)
                    > selected.profile.likeness(to: saved[before].profile)
            {
                // Of several at one endpoint one is enough, the one most like the selected: what is chosen here is an
                // endpoint.
                saved[before] = other
            }
        }
        var found = saved.map { Sibling(HostName($0.profile.host), $0) }
        for named in [host.writer, host.reader] {
            if let named, hosts.insert(named).inserted { found.append(Sibling(HostName(named))) }
        }
        let order = ["writer", "reader", "custom"]
        return found.enumerated().sorted {
            let left = (order.firstIndex(of: $0.element.kind) ?? order.count, $0.offset)
            return left < (order.firstIndex(of: $1.element.kind) ?? order.count, $1.offset)
        }.map(\.element)
    }

    /// Profiles of the same cluster. Looked for by letters first: thousands are saved, and the screen asks with every
    /// move of the cursor.
    private func places(besides selected: SavedProfile, _ host: HostName) -> [Int] {
        var places: [Int] = []
        let text = HostName.normalised(host.text)
        if let dot = text.firstIndex(of: "."), !host.qualifier.isEmpty {
            let account = host.qualifier.split(separator: "-").last ?? ""
            // From the account's letters on it is the same for the whole cluster.
            let tail = text[dot...].firstRange(of: account).map { text[$0.lowerBound...] } ?? text[dot...]
            let length = tail.utf8.count
            func near(_ isNear: (Substring) -> Bool) -> [Int] {
                list.saved.indices.filter { place in
                    let other = list.saved[place].profile.host
                    // By bytes: letters as people see them would cost the screen tens of milliseconds.
                    guard other.utf8.suffix(length).elementsEqual(tail.utf8),
                        let end = other.utf8.firstIndex(of: UInt8(ascii: "."))
                    else { return false }
                    return isNear(other[..<end])
                }
            }
            let own = host.name
            let above = near { own.hasPrefix($0) }
            let clusters = ClusterKeys(([text] + above.map { list.saved[$0].profile.host }))
            if let key = clusters.key(of: text) {
                let below = near { $0.hasPrefix(key.name) }
                let all = ClusterKeys(([text] + (above + below).map { list.saved[$0].profile.host }))
                places = below.filter { place in
                    all.key(of: list.saved[place].profile.host).map { $0 == key } ?? false
                }
            }
        }
        if let origin = origins[selected.id], let cluster = origin.cluster {
            let known = Set(places)
            for (id, other) in origins
            where other.cluster == cluster && other.account == origin.account && other.region == origin.region
            {
                if let place = list.places[id], !known.contains(place) { places.append(place) }
            }
        }
        return places.filter { list.saved[$0].id != selected.id }.sorted()
    }

    var siblingObstacle: String? {
        guard list.selected != nil else { return noSelection }
        return siblings.isEmpty ? "no other endpoint of its cluster is known" : nil
    }

    /// Opens the only one, or lets the user choose; a profile of another environment is not opened unseen.
    mutating func openSibling() -> [Effect] {
        guard let selected = list.selected else { return [] }
        let siblings = siblings
        if siblings.count == 1 {
            let other = siblings[0].saved.flatMap { list.profile($0) }?.profile
            if other.map({ $0.environment == selected.profile.environment }) ?? true {
                return open(siblings[0], beside: selected)
            }
        }
        layers.append(.siblings(SiblingsState(of: selected, siblings)))
        return [.flushKeys]
    }

    private mutating func open(_ sibling: Sibling, beside selected: SavedProfile) -> [Effect] {
        if let saved = sibling.saved.flatMap({ list.profile($0) }) {
            return open(saved, effective(saved.profile))
        }
        return open(selected, at: sibling.host, HostName(sibling.host).guessedRole)
    }

    mutating func siblingsKey(_ action: Action?) -> [Effect] {
        guard case .siblings(var state) = layers.last, let action else { return [] }
        switch action {
        case .up: state.cursor = max(0, state.cursor - 1)
        case .down: state.cursor = min(state.siblings.count - 1, state.cursor + 1)
        case .help: return openHelp()
        case .openChosen:
            layers.removeLast()
            return open(state.siblings[state.cursor], beside: state.selected)
        case .back:
            layers.removeLast()
            return []
        default: return []
        }
        layers[layers.count - 1] = .siblings(state)
        return []
    }
}
