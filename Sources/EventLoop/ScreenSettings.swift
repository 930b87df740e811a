import App
import Operations
import Screen

/// The settings as the screen uses them: read at the start, and again whenever one of their files is saved. The program
/// puts it together; the loop knows no file format.
package struct ScreenSettings: Sendable {
    /// What was read, and what there is to complain of, a line each.
    package struct Reading: Sendable {
        package var options: ScreenOptions
        package var theme: Theme
        package var takesMouse: Bool
        package var notices: [String]
        package var forVerbs: SettingsInForce.Values

        package init(
            options: ScreenOptions, theme: Theme, takesMouse: Bool, notices: [String],
            forVerbs: SettingsInForce.Values
        ) {
            self.forVerbs = forVerbs
            self.options = options
            self.theme = theme
            self.takesMouse = takesMouse
            self.notices = notices
        }
    }

    /// Reads the files anew; fails where nothing of them can be read.
    package var read: @Sendable () -> Result<Reading, Complaint>
    /// A theme by its name, or why there is none of that name.
    package var theme: @Sendable (String) -> Result<Theme, Complaint>
    /// Writes the theme's name into the settings; the answer says where, or why not.
    package var keepTheme: @Sendable (String) -> Result<String, Complaint>
    /// The folders in which a change may mean other settings.
    package var folders: [String]

    /// One line for people.
    package struct Complaint: Error, Sendable {
        package var line: String
        package init(_ line: String) { self.line = line }
    }

    package init(
        read: @escaping @Sendable () -> Result<Reading, Complaint>,
        theme: @escaping @Sendable (String) -> Result<Theme, Complaint>,
        keepTheme: @escaping @Sendable (String) -> Result<String, Complaint>, folders: [String]
    ) {
        self.read = read
        self.theme = theme
        self.keepTheme = keepTheme
        self.folders = folders
    }
}
