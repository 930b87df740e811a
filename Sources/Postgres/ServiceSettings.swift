import Profiles

/// What a section of `pg_service.conf` stands for, as libpq itself reads it.
enum ServiceSettings {
    enum Outcome {
        case completed(Conninfo)
        /// No such service, no such file, or a mistake in it.
        case refused(String)
    }

    /// The conninfo with what the service and libpq's defaults add to it.
    ///
    /// libpq has no call that only looks a service up. A value that it refuses makes it stop after that and before
    /// it resolves or dials anything; its settings are then complete.
    static func complete(_ conninfo: Conninfo, service: String) -> Outcome {
        let stopper = "pgfob-looks-up-a-service"
        var asked = conninfo.settings.filter { $0.keyword != "target_session_attrs" }
            .map { (keyword: $0.keyword, value: $0.value) }
        asked.append(("target_session_attrs", stopper))
        guard let connection = LibpqConnection(asked, password: nil) else {
            return .refused("libpq found no memory for a connection")
        }
        let message = connection.message.text
        guard message.contains(stopper) else { return .refused(message) }
        var completed = conninfo
        for (keyword, value) in connection.completedSettings
        where completed[keyword] == nil && !value.isEmpty && keyword != "target_session_attrs" {
            completed[keyword] = value
        }
        return .completed(completed)
    }
}
