#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import Profiles
import Screen

/// The profiles as the list shows them: grouped, sorted, filtered and folded, with the cursor.
///
/// What follows from the profiles, the filter and the folds is worked out when one of these changes, never
/// when the cursor moves, so that a move costs what is visible and not what is saved.
struct ProfileList: Sendable {
    private(set) var saved: [SavedProfile] = []
    /// Whether any goes through a tunnel.
    private(set) var hasTunnels = false
    /// Columns of the widest environment's word.
    private(set) var environmentWidth = 0
    private(set) var places: [UUID: Int] = [:]
    var groups: [ListGroup] = []
    private(set) var awsProfiles: Set<String> = []
    var rows: [ListRow] = []
    private(set) var filter = ""
    /// Profiles that the filter lets through.
    private(set) var matchCount = 0
    private(set) var grouping = Grouping.environment
    private(set) var order = SortOrder()
    /// Marked for what is done with several at once.
    private(set) var marked: Set<UUID> = []
    /// The environment of each profile, its own or by the settings' rules.
    private var environments: [Environment?] = []
    var folded: Set<GroupKey> = []
    var selection: ListSelection?
    /// The row of the selection.
    var selectedRow: Int?
    /// Where the cursor stood before anything was filtered.
    private var unfiltered: ListSelection?
    /// The uppermost row shown; what is shown is clamped to the screen by ``top(height:)``.
    var scroll = 0
    /// How many profiles each group has, and all of them, while only the first are here.
    private var counts: [GroupKey: Int]?
    /// Built when the first filter is typed.
    private var filterKeys: [FilterKey] = []
    var groupOfPlace: [Int] = []

    var isFiltering: Bool { !ProfileFilter(filter).isEmpty }

    /// The place of the selected profile.
    var selectedPlace: Int? {
        guard case .profile(let id) = selection else { return nil }
        return places[id]
    }

    var selected: SavedProfile? { selectedPlace.map { saved[$0] } }

    /// Its own environment, else the one that the settings' rules give it.
    func environment(at place: Int) -> Environment? {
        environments.indices.contains(place) ? environments[place] : saved[place].profile.environment
    }

    func profile(_ id: UUID) -> SavedProfile? { places[id].map { saved[$0] } }

    /// Where the selected profile stands among those shown, from 1; nil on a group's line.
    var ordinal: Int? {
        guard let row = selectedRow, case .profile(let place) = rows[row] else { return nil }
        var before = 0
        for group in groups[..<groupOfPlace[place]] { before += group.visible.count }
        guard let header = groups[groupOfPlace[place]].headerRow else { return nil }
        return before + row - header
    }

    func isOpen(_ group: ListGroup) -> Bool {
        isFiltering || grouping == .none || !folded.contains(group.key)
    }

    /// How many profiles there are, also those that are still being read.
    var count: Int { counts.map { $0.values.reduce(0, +) } ?? saved.count }

    /// How many of them belong to a group.
    func count(of group: ListGroup) -> Int { counts?[group.key] ?? group.members.count }

    // MARK: What changes the rows

    /// Takes the first profiles of a list whose rest is to come.
    mutating func replace(_ page: FirstPage, _ facts: ListFacts) {
        replace(page.profiles, facts)
        guard !page.isWhole else { return }
        counts = Dictionary(page.counts.map { (GroupKey($0.environment), $0.profiles) }, uniquingKeysWith: +)
        matchCount = count
    }

    /// Takes all profiles anew. The cursor stays on its profile; where that is gone, on its neighbour.
    mutating func replace(_ profiles: [SavedProfile], _ facts: ListFacts) {
        saved = profiles
        counts = nil
        places = Dictionary(minimumCapacity: saved.count)
        awsProfiles = []
        hasTunnels = false
        for (place, saved) in saved.enumerated() {
            places[saved.id] = place
            if saved.profile.auth == .iam { awsProfiles.insert(saved.profile.awsProfile ?? "") }
            if saved.profile.tunnel != nil { hasTunnels = true }
        }
        if !marked.isEmpty { marked.formIntersection(places.keys) }
        arrange(facts)
    }

    /// Groups and sorts.
    mutating func arrange(by grouping: Grouping, _ order: SortOrder, _ facts: ListFacts) {
        if grouping != self.grouping { folded = [] }
        (self.grouping, self.order) = (grouping, order)
        arrange(facts)
    }

    /// Works out environments, groups and order anew.
    mutating func arrange(_ facts: ListFacts) {
        filterKeys = []
        environments = facts.policies.rules.isEmpty ? [] : saved.map { facts.environment(of: $0.profile) }
        measureEnvironments()
        let clusters = grouping == .cluster ? ClusterKeys(saved.lazy.map(\.profile.host)) : nil
        var byKey: [GroupKey: ListGroup] = [:]
        for key in SortKey.sorted(saved, by: order, facts) {
            let (group, environment) = group(of: key.index, clusters)
            byKey[group, default: ListGroup(group, environment)].members.append(key.index)
        }
        groups = byKey.values.sorted { $0.key < $1.key }
        groupOfPlace = Array(repeating: 0, count: saved.count)
        for (number, group) in groups.enumerated() {
            for place in group.members { groupOfPlace[place] = number }
        }
        match(now: facts.now)
        rebuildRows()
        reselect()
    }

    private mutating func measureEnvironments() {
        environmentWidth = 0
        var measured: Set<Environment> = []
        for place in saved.indices {
            guard let environment = environment(at: place), case .other = environment,
                measured.insert(environment).inserted
            else { continue }
            environmentWidth = max(
                environmentWidth, DisplayText.width(DisplayText.sanitised(environment.badge)))
        }
    }

    private func group(of place: Int, _ clusters: ClusterKeys?) -> (GroupKey, Environment?) {
        let profile = saved[place].profile
        switch grouping {
        case .environment:
            let environment = environment(at: place)
            return (GroupKey(environment), environment)
        case .group: return (GroupKey(profile.group, none: "no group"), nil)
        case .cluster: return (GroupKey(cluster: clusters?.key(of: profile.host)), nil)
        case .region:
            let region = profile.region ?? HostName(profile.signingHost ?? profile.host).region
            return (GroupKey(region?.rawValue, none: "no region"), nil)
        case .aws:
            guard profile.auth == .iam else { return (.withoutAWS, nil) }
            return (GroupKey(profile.awsProfile, none: "default chain"), nil)
        case .none: return (.all, nil)
        }
    }

    // MARK: Marks

    /// Marks the cursor's profile, or takes its mark away; on a group's line all of its profiles.
    mutating func toggleMark() {
        guard let row = selectedRow else { return }
        switch rows[row] {
        case .profile(let place):
            if marked.remove(saved[place].id) == nil { marked.insert(saved[place].id) }
        case .header(let number):
            let ids = groups[number].visible.map { saved[$0].id }
            if ids.allSatisfy(marked.contains) { marked.subtract(ids) } else { marked.formUnion(ids) }
        }
    }

    /// Marks all whose rows are shown; where they all are, none. Folded groups are left as they are.
    mutating func toggleAllMarks() {
        let ids = rows.compactMap { row -> UUID? in
            if case .profile(let place) = row { saved[place].id } else { nil }
        }
        if ids.allSatisfy(marked.contains) { marked.subtract(ids) } else { marked.formUnion(ids) }
    }

    mutating func clearMarks() { marked = [] }

    mutating func unmark(_ ids: [UUID]) { marked.subtract(ids) }

    /// How many of a group's profiles are marked, as far as the filter lets them through.
    func markedCount(of group: ListGroup) -> Int {
        marked.isEmpty ? 0 : group.visible.count { marked.contains(saved[$0].id) }
    }

    /// How many marked ones the filter hides.
    var hiddenMarks: Int { marked.isEmpty || !isFiltering ? 0 : marked.count - markedProfiles.count }

    /// The profiles that are shown, in their order, also those in folded groups.
    var shown: [SavedProfile] { groups.flatMap { group in group.visible.map { saved[$0] } } }

    /// The marked ones, in the list's order. What the filter hides is left out: nothing is done to what nobody sees.
    var markedProfiles: [SavedProfile] {
        marked.isEmpty ? [] : groups.flatMap(\.visible).map { saved[$0] }.filter { marked.contains($0.id) }
    }

    /// Those of the marked ones that folded groups hide.
    var foldedMarks: [SavedProfile] {
        guard !marked.isEmpty else { return [] }
        return groups.filter { !isOpen($0) }.flatMap(\.visible).map { saved[$0] }.filter {
            marked.contains($0.id)
        }
    }

    /// Sets the filter; the best match is selected, never a header. A filter that found nothing leaves the cursor where
    /// it was before.
    mutating func setFilter(_ text: String, now: Date) {
        guard text != filter else { return }
        if !isFiltering { unfiltered = selection }
        filter = text
        let best = match(now: now)
        rebuildRows()
        if let best {
            selection = .profile(saved[best].id)
        } else if !isFiltering, selection == nil {
            selection = unfiltered
        }
        reselect()
    }

    /// Finds what the filter lets through.
    ///
    /// - Returns: the place of the best match; nil without a filter or a match.
    @discardableResult
    private mutating func match(now: Date) -> Int? {
        let parsed = ProfileFilter(filter)
        guard !parsed.isEmpty else {
            for number in groups.indices { groups[number].visible = groups[number].members }
            matchCount = saved.count
            return nil
        }
        if filterKeys.count != saved.count {
            filterKeys = saved.indices.map { FilterKey(saved[$0], environment: environment(at: $0)) }
        }
        var best: (place: Int, score: Int)?
        matchCount = 0
        for number in groups.indices {
            var visible: [Int] = []
            for place in groups[number].members {
                guard let score = parsed.score(filterKeys[place], now: now, matching: .fuzzy) else {
                    continue
                }
                visible.append(place)
                if score > best?.score ?? Int.min { best = (place, score) }
            }
            groups[number].visible = visible
            matchCount += visible.count
        }
        return best?.place
    }

    /// Folds or opens the cursor's group.
    mutating func toggleFold() {
        guard !isFiltering, grouping != .none, let row = selectedRow else { return }
        switch rows[row] {
        case .header(let number):
            folded.remove(groups[number].key)
            if let first = groups[number].visible.first { selection = .profile(saved[first].id) }
        case .profile(let place):
            let key = groups[groupOfPlace[place]].key
            folded.insert(key)
            selection = .group(key)
        }
        rebuildRows()
        reselect()
    }

    /// Folds all groups, or opens them where all are folded.
    mutating func toggleAllFolds() {
        guard !isFiltering, grouping != .none, let row = selectedRow else { return }
        if groups.allSatisfy({ folded.contains($0.key) }) {
            folded = []
            if case .header(let number) = rows[row], let first = groups[number].visible.first {
                selection = .profile(saved[first].id)
            }
        } else {
            folded = Set(groups.map(\.key))
            if case .profile(let place) = rows[row] { selection = .group(groups[groupOfPlace[place]].key) }
        }
        rebuildRows()
        reselect()
    }

    mutating func rebuildRows() {
        rows.removeAll(keepingCapacity: true)
        for number in groups.indices {
            guard !groups[number].visible.isEmpty else {
                groups[number].headerRow = nil
                continue
            }
            // Without groups there is no line for one: the profiles begin where it would stand.
            groups[number].headerRow = grouping == .none ? rows.count - 1 : rows.count
            if grouping != .none { rows.append(.header(number)) }
            if isOpen(groups[number]) { rows += groups[number].visible.map { .profile($0) } }
        }
    }
}
