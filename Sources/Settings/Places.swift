/// Where pgfob's files lie (design/cli.md, "Where things live"; XDG Base Directory Specification).
package struct Places: Sendable, Hashable {
    /// The SQLite file of the profiles.
    package var store: String
    /// Whether the user has named it: other programs that call pgfob have to, then.
    package var storeIsNamed: Bool
    /// config.toml.
    package var config: String
    /// How the user has named it, `--config` or `PGFOB_CONFIG`; nil where it lies in its usual place.
    package var configNamedBy: String?
    /// The user's own themes.
    package var userThemes: String
    /// Histories and logs.
    package var state: String
    /// The RDS CA bundle.
    package var certificates: String

    /// - Parameters:
    ///   - environment: HOME, which is absolute, the XDG variables, PGFOB_STORE and PGFOB_CONFIG.
    ///   - store: `--store`, stands over PGFOB_STORE.
    ///   - config: `--config`, stands over PGFOB_CONFIG.
    ///   - workingFolder: what relative overrides are relative to.
    package init(
        environment: [String: String], store: String? = nil, config: String? = nil, workingFolder: String
    ) {
        let home = environment["HOME"] ?? ""
        func base(_ variable: String, _ standard: String) -> String {
            // The specification has relative values ignored.
            let value = environment[variable].flatMap { $0.hasPrefix("/") ? $0 : nil }
            return (value ?? "\(home)/\(standard)") + "/pgfob"
        }
        func override(_ option: String?, _ variable: String) -> String? {
            guard let path = [option, environment[variable]].compactMap({ $0 }).first(where: { !$0.isEmpty })
            else { return nil }
            return path.hasPrefix("/") ? path : "\(workingFolder)/\(path)"
        }
        let data = base("XDG_DATA_HOME", ".local/share")
        let settings = base("XDG_CONFIG_HOME", ".config")
        state = base("XDG_STATE_HOME", ".local/state")
        certificates = "\(data)/ca"
        let named = override(store, "PGFOB_STORE")
        self.store = named ?? "\(data)/profiles.db"
        storeIsNamed = named != nil
        let namedConfig = override(config, "PGFOB_CONFIG")
        self.config = namedConfig ?? "\(settings)/config.toml"
        configNamedBy = namedConfig.map { _ in config?.isEmpty == false ? "--config" : "PGFOB_CONFIG" }
        userThemes = "\(settings)/themes"
    }
}
