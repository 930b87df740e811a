#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
import Workers

/// A login at a bastion that programs of this user share, as one sees it who has no part in it.
package struct SharedLogin: Sendable, Hashable {
    package enum State: Sendable, Hashable {
        case up
        case loggingIn
        /// There is one, and it does not answer.
        case silent
    }

    /// The tunnel by which it was begun, as in `TunnelDefinition.words`; nil where that is not known.
    package var tunnel: String?
    /// How many programs have it, or wait for it.
    package var programs: Int
    package var state: State

    /// Those that there are; what killed programs have left is none. Changes nothing, and may wait some seconds for one
    /// that does not answer.
    ///
    /// - Returns: them, and the folders in which nothing is shared as others could open them.
    package static func all(environment: [String: String]) -> (logins: [SharedLogin], untrusted: [String]) {
        var (logins, untrusted): ([SharedLogin], [String]) = ([], [])
        for base in RuntimeFolder.bases(environment) where access(base, F_OK) == 0 {
            guard RuntimeFolder.isOwn(base) else {
                untrusted.append(base)
                continue
            }
            let names = (try? FileManager.default.contentsOfDirectory(atPath: base)) ?? []
            for folder in names.sorted().map({ "\(base)/\($0)" }) where SharedFolder.isOne(folder) {
                if !RuntimeFolder.isOwn(folder) {
                    untrusted.append(folder)
                } else if let login = SharedLogin(in: folder) {
                    logins.append(login)
                }
            }
        }
        return (logins, untrusted)
    }

    private init?(in folder: String) {
        programs = ForwardClaims.holders(in: folder)
        guard programs > 0 else { return nil }
        tunnel = SharedMaster.tunnel(in: folder)
        let control = SharedMaster.control(in: folder)
        guard access(control, F_OK) == 0 else {
            state = .loggingIn
            return
        }
        let connection = MasterSocket.connect(control)
        state = connection < 0 ? .silent : .up
        Descriptors.close(connection)
    }
}
