#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import Formats
import Postgres
import ProfileStore
import Profiles
import Synchronization
import Tunnels

/// The verbs over saved profiles, for the screen and the command line alike.
///
/// The store is opened on first use, so that a verb that needs none never touches it.
package final class ProfileBook: Sendable {
    private let path: String
    private let isNamed: Bool
    private let opened = Mutex<ProfileStore?>(nil)
    private let told = Mutex<Set<String>>([])

    /// - Parameters:
    ///   - path: the SQLite file; made on first use where it is missing.
    ///   - isNamed: whether the user has named it: its folder is not made then, for it may be mistyped.
    package init(path: String, isNamed: Bool = false) {
        self.path = path
        self.isNamed = isNamed
    }

    /// Whether the file is there; looking does not make it.
    ///
    /// - Throws: ``Refusal`` of kind `store` where it could not be made either.
    package func isThere() throws(Refusal) -> Bool {
        let (path, isNamed) = (path, isNamed)
        return try Refusal.wrapping { () throws(StoreFailure) in
            try ProfileStore.isThere(path, makesFolders: !isNamed)
        }
    }

    /// The store, opened now if it was not.
    ///
    /// - Throws: ``Refusal`` of kind `store`, with what to do.
    package func store() throws(Refusal) -> ProfileStore {
        let result: Result<ProfileStore, Refusal> = opened.withLock { slot in
            if let store = slot, !store.isOutdated { return .success(store) }
            do throws(StoreFailure) {
                let store = try ProfileStore(path: path, makesFolders: !isNamed)
                slot = store
                return .success(store)
            } catch {
                return .failure(Refusal(error))
            }
        }
        return try result.get()
    }

    /// Changes whenever another program commits to the store; nil where it cannot be asked.
    package var version: Int? {
        do { return try store().dataVersion() } catch { return nil }
    }

    /// All live profiles.
    package func live() throws(Refusal) -> [SavedProfile] {
        let store = try store()
        return try Refusal.wrapping { () throws(StoreFailure) in try store.all() }
    }

    /// The first of them as the list shows them, and how many there are.
    package func firstPage(limit: Int) throws(Refusal) -> FirstPage {
        let store = try store()
        return try Refusal.wrapping { () throws(StoreFailure) in try store.firstPage(limit: limit) }
    }

    /// The live profiles that a filter keeps; its plain words match as substrings (design/cli.md).
    package func matching(_ filter: String, now: Date) throws(Refusal) -> [SavedProfile] {
        let wanted = ProfileFilter(filter)
        return try live().filter { wanted.matches($0, now: now, matching: .substring) }
    }

    /// The live profile of that name, without regard to case.
    ///
    /// - Throws: ``Refusal`` of kind `failed` that offers the nearest name.
    package func named(_ name: String) throws(Refusal) -> SavedProfile { try named([name])[0] }

    /// The live profiles of these names, in the order in which they are first named, each once.
    ///
    /// - Throws: ``Refusal`` of kind `failed` for the first name that none has.
    func named(_ names: [String]) throws(Refusal) -> [SavedProfile] {
        let store = try store()
        let all = try Refusal.wrapping { () throws(StoreFailure) in try store.find(names: names) }
        var (found, seen): ([SavedProfile], Set<UUID>) = ([], [])
        for (name, saved) in zip(names, all) {
            guard let saved else { throw try missing(name) }
            if seen.insert(saved.id).inserted { found.append(saved) }
        }
        return found
    }

    private func missing(_ name: String) throws(Refusal) -> Refusal {
        let names = try live().map(\.profile.name)
        if let nearest = Nearest.match(name, among: names) {
            return Refusal(.failed, "no profile is named \"\(name)\"", do: "did you mean \"\(nearest)\"?")
        }
        return Refusal(.failed, "no profile is named \"\(name)\"", do: "`pgfob list` shows them all")
    }

    /// A profile on its cluster's writer or reader endpoint; as it is where no role is named.
    ///
    /// - Throws: ``Refusal`` of kind `usage` where that endpoint is not known.
    package func on(_ role: ClusterRole?, _ profile: Profile) throws(Refusal) -> Profile {
        guard let role else { return profile }
        let others = try live().lazy.map(\.profile)
        do throws(FieldProblem) { return try profile.on(role, among: others) } catch { throw Refusal(error) }
    }

    /// Saves a new profile.
    ///
    /// - Throws: ``Refusal`` of kind `usage` where a field is wrong or the name is taken.
    package func add(_ profile: Profile) throws(Refusal) {
        try judge(profile)
        try Self.judge(parameters: profile.parameters.keys)
        let store = try store()
        try Refusal.wrapping { () throws(StoreFailure) in try store.insert(profile) }
    }

    /// Saves several new profiles in one transaction.
    package func add(_ profiles: [Profile]) throws(Refusal) {
        for profile in profiles { try judge(profile) }
        let store = try store()
        try Refusal.wrapping { () throws(StoreFailure) in try store.insert(profiles) }
    }

    /// Writes the fields in which the two differ.
    package func edit(_ new: Profile, from old: Profile) throws(Refusal) {
        try edit([new], from: [old])
    }

    /// The same for several, in one transaction.
    package func edit(_ new: [Profile], from old: [Profile]) throws(Refusal) {
        let changes = zip(new, old).map { (new: $0, old: $1) }
        for (new, old) in changes {
            try judge(new)
            try Self.judge(parameters: new.parameters.keys.filter { old.parameters[$0] == nil })
        }
        let store = try store()
        try Refusal.wrapping { () throws(StoreFailure) in try store.update(changes) }
    }

    /// Moves profiles to the trash: all of them, or none where one name is not found.
    ///
    /// - Returns: their names as they are saved, each once.
    @discardableResult
    package func remove(_ names: [String]) throws(Refusal) -> [String] {
        let found = try named(names)
        try trash(found.map(\.id))
        return found.map(\.profile.name)
    }

    /// Moves profiles to the trash by identity.
    package func trash(_ ids: [UUID]) throws(Refusal) {
        let store = try store()
        try Refusal.wrapping { () throws(StoreFailure) in try store.trash(ids) }
    }

    /// Takes profiles back from the trash by identity; renamed where the name is taken by now.
    package func restore(_ ids: [UUID]) throws(Refusal) {
        let store = try store()
        try Refusal.wrapping { () throws(StoreFailure) in _ = try store.restore(ids) }
    }

    /// Saves a copy under another name: every field, but no history.
    package func duplicate(_ name: String, as new: String) throws(Refusal) {
        var copy = try named(name).profile
        copy.id = UUID()
        do throws(FieldProblem) { try copy.set(.name, to: new) } catch { throw Refusal(error) }
        try judge(copy)
        let (store, made) = (try store(), copy)
        try Refusal.wrapping { () throws(StoreFailure) in try store.insert(made) }
    }

    /// Makes changes together: all of them, or none.
    package func write(_ batch: ProfileBatch) throws(Refusal) {
        for profile in batch.inserted + batch.updated.map(\.new) { try judge(profile) }
        let store = try store()
        try Refusal.wrapping { () throws(StoreFailure) in try store.write(batch) }
    }

    /// What AWS said of profiles when it was last asked, by their ids; of those in the trash too.
    package func origins() throws(Refusal) -> [UUID: CloudOrigin] {
        let store = try store()
        return try Refusal.wrapping { () throws(StoreFailure) in try store.origins() }
    }

    /// Takes the last import or discovery of this store back that is not taken back yet: what it has added goes to
    /// the trash.
    ///
    /// - Returns: where it came from and how many went, nil where there is none.
    package func undoLastIntake() throws(Refusal) -> (source: String, count: Int)? {
        let store = try store()
        return try Refusal.wrapping { () throws(StoreFailure) in try store.undoLastIntake() }
    }

    /// The profiles that a filter keeps, one JSON object a line: the writable fields alone.
    package func exportJSON(_ filter: String, now: Date) throws(Refusal) -> String {
        Self.json(try matching(filter, now: now).map(\.profile))
    }

    /// Profiles as JSON, one object a line: what ``Importer`` reads.
    package static func json(_ profiles: [Profile]) -> String {
        profiles.map { ProfileJSON.export($0) + "\n" }.joined()
    }

    /// The same with all that the store knows, as `pgfob list --json` prints it.
    package func listJSON(_ filter: String, now: Date) throws(Refusal) -> String {
        let origins = try origins()
        return try matching(filter, now: now).map { ProfileJSON.list($0, origin: origins[$0.id]) + "\n" }
            .joined()
    }

    /// What lies in the trash, the latest first.
    package func trashed() throws(Refusal) -> [SavedProfile] {
        let store = try store()
        return try Refusal.wrapping { () throws(StoreFailure) in try store.trashed() }
    }

    /// Takes the latest one of that name out of the trash.
    ///
    /// - Returns: the name it has now, another one where the old one is taken.
    package func restore(_ name: String) throws(Refusal) -> String {
        let all = try trashed()
        guard let found = all.first(where: { $0.profile.foldedName == Profile.fold(name) }) else {
            let near = Nearest.match(name, among: all.map(\.profile.name))
            throw Refusal(
                .failed, "nothing named \"\(name)\" is in the trash",
                do: near.map { "did you mean \"\($0)\"?" } ?? "`pgfob trash list` shows what is",
                onScreen: near.map { "did you mean \"\($0)\"?" } ?? "`trash` shows what is")
        }
        try restore([found.id])
        return try live().first { $0.id == found.id }?.profile.name ?? found.profile.name
    }

    /// Remembers that a profile was used. A store that cannot take it does not undo that.
    package func recordUse(_ id: UUID, at date: Date, seconds: Double) {
        do { try store().recordUse(id, at: date, seconds: seconds) } catch {
            tell("use not saved", error)
        }
    }

    /// What a profile was last opened with; nothing where the store cannot be asked.
    package func choice(of id: UUID) -> SessionChoice {
        do { return try store().choice(of: id) } catch { return SessionChoice() }
    }

    /// Remembers what a profile is opened with. A store that cannot take it does not keep it shut.
    package func remember(_ choice: SessionChoice, of id: UUID) {
        do { try store().remember(choice, of: id) } catch { tell("choice not saved", error) }
    }

    /// Which of these very profiles are saved, without a field that differs.
    package func saved(among profiles: [Profile]) -> Set<UUID> {
        do {
            let all = try live()
            let known = Dictionary(all.map { ($0.id, $0.profile) }, uniquingKeysWith: { first, _ in first })
            return Set(profiles.filter { known[$0.id] == $0 }.map(\.id))
        } catch {
            return []
        }
    }

    /// Says once why the store takes nothing, however much there is that it does not take.
    func tell(_ what: String, _ error: any Error) {
        let words = (error as? Refusal ?? (error as? StoreFailure).map { Refusal($0) })?.line ?? "\(error)"
        guard told.withLock({ $0.insert(words).inserted }) else { return }
        ProgramLog.note("\(what): \(words)")
    }

    /// What is wrong with a keyword that libpq does not know.
    static func words(unknown keyword: String) -> String {
        "\"\(DialAddress.shown(keyword))\" is no keyword of this machine's libpq"
    }

    /// Refuses what this machine's libpq does not know: psql would not start with it.
    private static func judge(parameters: some Collection<String>) throws(Refusal) {
        guard !parameters.isEmpty else { return }
        let known = ConninfoParser.knownKeywords()
        guard let unknown = ConninfoParser.unknown(parameters, among: known).first else { return }
        let nearest = Nearest.match(unknown, among: known.sorted()).map { ": did you mean \($0)?" }
        throw Refusal(
            FieldProblem(
                .parameters,
                Self.words(unknown: unknown) + (nearest ?? ": leave it out, as psql would not start with it"))
        )
    }

    private func judge(_ profile: Profile) throws(Refusal) {
        if let problem = profile.problems().first(where: { $0.severity == .error }) {
            throw Refusal(problem)
        }
    }
}
