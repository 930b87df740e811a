#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import Postgres
import Profiles
import Workers

/// A catalogue over a login that is up, and what keeps the way to its server open.
struct OpenCatalogue {
    let table: CatalogueTable
    private let handOver: SessionPreparer.HandOver

    fileprivate init(_ session: DatabaseSession, _ handOver: SessionPreparer.HandOver) {
        table = CatalogueTable(session)
        self.handOver = handOver
    }
}

extension SessionPreparer {
    /// A login takes no longer where a server lives.
    private static let loginPatience = Duration.seconds(15)

    /// Logs in where a catalogue is. Blocks: on the AWS files, the network and the server.
    ///
    /// - Parameter readOnly: whether transactions start read-only, by libpq's `options` or by a SET after the login.
    /// - Throws: ``Refusal`` where the profile, its credentials or the login stand in the way.
    func openCatalogue(
        _ profile: Profile, readOnly: Bool, options: SignerOptions
    ) throws(Refusal) -> OpenCatalogue {
        let profile = mint.effective(profile)
        let login = try ownLogin(
            profile, readOnly: readOnly, choice: SessionChoice(), name: "pgfob catalogue", options: options)
        let (wait, pauses) = (options.wait, Pauses())
        let outcome = surroundings.passwords.logIn(
            login.handOver.followed, wait.cancellation, options.askPassword, pauses,
            fault: { (outcome: Result<DatabaseSession, DatabaseFailure>) in
                if case .failure(let failure) = outcome { failure.passwordFault } else { nil }
            }
        ) { password in
            Result { () throws(DatabaseFailure) in
                let whole = wait.extended(by: pauses.total)
                let own = Wait(
                    deadline: min(whole.deadline, .now + Self.loginPatience), cancellation: wait.cancellation)
                return try DatabaseSession(login.plan(password), setup: login.setup, wait: own)
            }
        }
        do throws(DatabaseFailure) {
            return OpenCatalogue(try outcome.get(), login.handOver)
        } catch {
            throw Refusal(
                .failed, "the catalogue cannot be reached through \(profile.name): \(error.line)",
                do: "`pgfob test \(profile.name)` says more; the profiles at hand stay as they are")
        }
    }
}

extension Refusal {
    /// What a catalogue said, reached through a profile.
    init(_ failure: CatalogueFailure, _ profile: Profile) {
        let name = profile.name
        switch failure {
        case .missing:
            self.init(
                .failed, "there is no catalogue in the database of \(name)",
                do: "`pgfob catalogue init --through \(name)` makes one")
        case .newer(let format):
            self.init(
                .failed, "the catalogue in the database of \(name) is of a newer pgfob (format \(format))",
                do: "update pgfob")
        case .forbidden(let text):
            self.init(
                .failed, "the database's grants do not allow it: \(text)",
                do: "its owner can: pgfob catalogue init --through PROFILE --reader ROLE, or --writer ROLE")
        case .readOnly(let text):
            self.init(
                .failed, "the server takes no changes: \(text)",
                do: "reach the catalogue through the writer's endpoint")
        // A role that is not there, a column that somebody has dropped: to try again would not help.
        case .other(let failure) where failure.sqlstate == "42704":
            self.init(.failed, failure.line, do: "create it, or correct its name")
        case .other(let failure) where failure.sqlstate?.hasPrefix("42") == true:
            self.init(
                .failed, "the catalogue in the database of \(name) is not as pgfob made it: \(failure.line)",
                do:
                    "put that back, or move the schema pgfob away and `pgfob catalogue init` anew; nothing here was lost"
            )
        case .other(let failure):
            self.init(
                .failed, "the catalogue in the database of \(name) did not answer: \(failure.line)",
                do: "try again; nothing was lost")
        }
    }
}
