import Screen
import Settings

/// Which theme the screen gets: PGFOB_THEME's, else the settings', else the standard one.
struct ThemeChoice {
    let settings: Settings
    let session: Session

    /// The theme; a complaint joins the notices, and the standard theme stands in.
    func theme(_ notices: inout [String]) -> Theme {
        let fromEnvironment = session.environment["PGFOB_THEME"].flatMap { $0.isEmpty ? nil : $0 }
        guard let name = fromEnvironment ?? settings.theme, name != Theme.standard.name else {
            return .standard
        }
        let folders = [ThemeFile.installedFolder, session.places.userThemes].compactMap { $0 }
        do throws(SettingsProblem) {
            return try ThemeFile.find(named: name, folders: folders)
        } catch {
            notices.append("\(error.what): \(error.remedy)")
            return .standard
        }
    }
}
