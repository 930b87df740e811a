import Profiles
import TLS

/// The root certificates that AWS's own servers are checked by, where somebody has named some.
extension Doctor {
    var awsRoots: [DoctorCheck] {
        mint.source.store.chain.namedRoots.map { path, place in
            do throws(TrustStore.Failure) { try TrustStore(bundle: path).check() } catch {
                return DoctorCheck(
                    "aws roots", .warning, "\(place): \(error.text)",
                    fix: "correct it or take it away: AWS is asked for nothing until then")
            }
            return DoctorCheck("aws roots", .ok, "\(DialAddress.shown(path)), by \(place)")
        }
    }
}
