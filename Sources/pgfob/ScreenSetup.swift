#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import App
import EventLoop
import Profiles
import Screen
import Settings
import TOML

/// The settings as the screen uses them: config.toml and themes, turned into what the model understands.
struct ScreenSetup: Sendable {
    let session: Session

    var settings: ScreenSettings {
        ScreenSettings(
            read: { read() }, theme: { theme($0) }, keepTheme: { keep($0) },
            folders: session.file.folders + [session.places.userThemes])
    }

    private var themeFolders: [String] {
        [OwnProgram.path.flatMap { ThemeFile.installedFolder(of: $0) }, session.places.userThemes].compactMap
        { $0 }
    }

    /// At the start: the screen opens all the same and says what is wrong.
    func firstReading() -> ScreenSettings.Reading {
        do throws(TOMLProblem) { return reading(of: try session.file.settings()) } catch {
            var reading = reading(of: session.file.orGuarded)
            reading.notices.insert(
                "\(error.what): \(error.remedy); until then nothing of the file holds, and everything asks for its name "
                    + "and is read-only", at: 0)
            return reading
        }
    }

    /// Read again: what holds goes on where the file is no TOML just now.
    private func read() -> Result<ScreenSettings.Reading, ScreenSettings.Complaint> {
        do throws(TOMLProblem) { return .success(reading(of: try session.file.readAgain())) } catch {
            return .failure(
                .init("\(error.what): \(error.remedy); until then the settings stay as they were"))
        }
    }

    /// With the theme's file; what is wrong there is told, and the standard stands in.
    func reading(of settings: Settings) -> ScreenSettings.Reading {
        let mistakes = settings.mistakes.sorted { $0.problem.line ?? 0 < $1.problem.line ?? 0 }
        var notices = mistakes.map(\.line) + settings.warnings
        let keys = KeyMap(
            settings.keys.map {
                KeyMap.Choice(context: $0.context, action: $0.action, keys: $0.keys, place: $0.place)
            }, complaints: &notices)
        let fromEnvironment = session.environment["PGFOB_THEME"].flatMap { $0.isEmpty ? nil : $0 }
        let name = fromEnvironment ?? settings.theme ?? Theme.standard.name
        var theme = Theme.standard
        switch self.theme(name) {
        case .success(let found): theme = found
        case .failure(let complaint):
            // A file that is there and broken is named by itself.
            let isThere = ThemeFile.names(in: themeFolders).contains(name)
            let place = isThere ? nil : fromEnvironment == nil ? settings.themePlace : "PGFOB_THEME"
            notices.append("\(place.map { "\($0): " } ?? "")\(complaint.line)")
        }
        var options = ScreenOptions(
            grouping: settings.groupBy.flatMap { Grouping(rawValue: $0) } ?? .environment,
            order: SortOrder(
                settings.sort.flatMap { SortOrder.Column(rawValue: $0) } ?? .lastUsed,
                isReversed: settings.sortIsReversed),
            policies: settings.environments, keys: keys, theme: theme.name,
            themes: ThemeFile.names(in: themeFolders),
            hasWindows: session.environment["TMUX"]?.isEmpty == false)
        options.tunnels = settings.tunnels.keys.sorted()
        options.storePath = shown(session.places.store)
        options.configPath = shown(session.places.config)
        options.folder = FileManager.default.currentDirectoryPath
        options.program = "pgfob \(Version.text)"
        return ScreenSettings.Reading(
            options: options, theme: theme, takesMouse: settings.mouse, notices: notices,
            forVerbs: settings.forVerbs)
    }

    /// A path as people write it.
    private func shown(_ path: String) -> String {
        guard let home = session.environment["HOME"], home.count > 1, path.hasPrefix("\(home)/") else {
            return path
        }
        return "~" + path.dropFirst(home.count)
    }

    private func theme(_ name: String) -> Result<Theme, ScreenSettings.Complaint> {
        guard name != Theme.standard.name else { return .success(.standard) }
        do throws(TOMLProblem) {
            return .success(try ThemeFile.find(named: name, folders: themeFolders))
        } catch {
            return .failure(.init("\(error.what): \(error.remedy)"))
        }
    }

    private func keep(_ name: String) -> Result<String, ScreenSettings.Complaint> {
        do throws(TOMLProblem) {
            try Settings.writeTheme(name, path: session.places.config)
            return .success(session.places.config)
        } catch {
            return .failure(.init("\(error.what): \(error.remedy)"))
        }
    }
}
