import Profiles
import Secrets

/// What the verbs need to know of the world outside, read once by the program and handed down.
package struct Surroundings: Sendable {
    /// The process environment, as it was at start.
    package var environment: [String: String]
    /// The SQLite file of the profiles.
    package var storePath: String
    /// Whether the user has named that file: other programs that call pgfob have to, then.
    package var storeIsNamed = false
    /// The folder of the RDS CA bundle.
    package var caFolder: String
    /// The folder of psql histories and logs.
    package var stateFolder: String
    /// What the settings say, now and when they are read anew.
    package let settings: SettingsInForce
    /// This program as others call it: its path, or its name to be looked up.
    package var program = "pgfob"
    /// This program's own file: ssh's questions come back through it. Nil where nobody can be asked.
    package var ownFile: String?
    /// What later starts find of this run, where it is killed.
    package let run = ThisRun()
    /// Passwords that were typed in this run.
    package let passwords = AskedPasswords()
    /// Credentials that another pgfob has handed over, which has had them asked for already.
    package var handedOver: Secret?
    /// The file of the settings, where the user has named it.
    package var configPath: String?

    package init(
        environment: [String: String], storePath: String, caFolder: String, stateFolder: String,
        settings: SettingsInForce = SettingsInForce()
    ) {
        self.environment = environment
        self.storePath = storePath
        self.caFolder = caFolder
        self.stateFolder = stateFolder
        self.settings = settings
    }
}
