#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import App
import Profiles
import Settings
import Synchronization
import TOML

/// config.toml as this process knows it: read when it is first needed, and read again where whoever stays is told that
/// it was saved. May be used from any thread.
final class SettingsFile: Sendable {
    private let places: Places
    private let known = Mutex<Result<Settings, TOMLProblem>?>(nil)

    init(_ places: Places) { self.places = places }

    var path: String { places.config }

    /// What there is to say where the user has named a file that is not there: rules for production must not vanish with
    /// a typing error.
    var missing: TOMLProblem? {
        guard let way = places.configNamedBy, !FileManager.default.fileExists(atPath: path) else {
            return nil
        }
        return TOMLProblem("\(way) names \(path), which is not there", do: "correct the path")
    }

    /// What it says.
    ///
    /// - Throws: ``TOMLProblem`` where nothing of it can be read.
    func settings() throws(TOMLProblem) -> Settings {
        try known.withLock { known in
            let result = known ?? read()
            known = result
            return result
        }.get()
    }

    /// What it says; where nothing of it can be read, every environment is guarded: nobody knows how it is meant.
    var orGuarded: Settings {
        if let settings = try? settings() { return settings }
        var settings = Settings()
        settings.environments = .unreadable
        return settings
    }

    /// What it says now.
    ///
    /// - Throws: ``TOMLProblem`` where nothing of it can be read; what it said before goes on then.
    func readAgain() throws(TOMLProblem) -> Settings {
        let settings = try read().get()
        known.withLock { $0 = .success(settings) }
        return settings
    }

    private func read() -> Result<Settings, TOMLProblem> {
        if let missing { return .failure(missing) }
        do throws(TOMLProblem) {
            return .success(
                try Settings.read(
                    path: path, groupings: Grouping.allCases.map(\.rawValue),
                    columns: SortOrder.Column.allCases.map(\.rawValue)))
        } catch {
            return .failure(error)
        }
    }

    /// The folders in which a change may mean other settings: where the file is a link, also what it leads to.
    var folders: [String] {
        let target = URL(filePath: path).resolvingSymlinksInPath().path
        var folders = [FilePath.folder(of: path)]
        if !folders.contains(FilePath.folder(of: target)) { folders.append(FilePath.folder(of: target)) }
        return folders
    }
}
