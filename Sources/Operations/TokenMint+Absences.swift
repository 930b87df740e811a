#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import Diagnosis
import Postgres
import Profiles
import Workers

extension TokenMint {
    /// What a profile names outside of itself that is not there: it is saved all the same, as it may come yet.
    ///
    /// - Parameter old: what was saved before; what stands there already has been told.
    package func absences(of profile: Profile, from old: Profile?) -> [FieldProblem] {
        var problems: [FieldProblem] = []
        if let name = profile.awsProfile, name != old?.awsProfile {
            let names = awsProfileNames
            if !names.contains(name) {
                let near = Nearest.match(name, among: names).map {
                    ": did you mean \"\(DialAddress.shown($0))\"?"
                }
                problems.append(
                    FieldProblem(
                        .awsProfile,
                        "\"\(DialAddress.shown(name))\" is in neither of the AWS files\(near ?? "")",
                        severity: .note))
            }
        }
        if let file = profile.sslrootcert, file != old?.sslrootcert, file != "system" {
            let words: String? =
                Descriptors.isPipe(file)
                ? CauseCode.pipeWords : FileManager.default.fileExists(atPath: file) ? nil : "is not there"
            if let words {
                problems.append(
                    FieldProblem(
                        .sslrootcert, "\"\(DialAddress.shown(file))\" \(words)", severity: .note))
            }
        }
        if profile.auth == .service, profile.service != old?.service || old?.auth != .service {
            do throws(ConninfoProblem) { _ = try ServiceSettings.contents(beyond: profile.conninfo()) } catch
            {
                problems.append(FieldProblem(.service, error.message, severity: .note))
            }
        }
        return problems
    }
}
