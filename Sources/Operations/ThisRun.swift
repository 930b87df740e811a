import Synchronization
import Tunnels

/// What later starts find of this run where it is killed: a folder that it has locked, made on first use. Programs that
/// it starts for the user name the folder in their environment.
package final class ThisRun: Sendable {
    private let made = Mutex<RuntimeFolder?>(nil)

    package init() {}

    /// - Returns: nil where none can be made; what is left of the run is then not found.
    func folder(_ environment: [String: String]) -> RuntimeFolder? {
        made.withLock { made in
            if made == nil { made = RuntimeFolder(environment: environment, ofSessions: true) }
            return made
        }
    }
}
