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
import AWS
import Postgres
import ProfileStore
import Profiles
import TLS
import Workers

/// Looks at what pgfob stands on: libraries, programs, files, the clock. Changes nothing.
package struct Doctor: Sendable {
    /// The oldest libpq that pgfob is tested with.
    private static let oldestLibpq = 130_000
    /// How long a program may take to say its version, and AWS to say the time.
    private static let patience = Duration.seconds(5)
    /// AWS adds authorities to its bundle; older than this, in seconds, it is worth a new one.
    private static let bundleLife: TimeInterval = 400 * 86_400

    let surroundings: Surroundings
    let mint: TokenMint

    package init(_ surroundings: Surroundings) {
        self.surroundings = surroundings
        mint = TokenMint(surroundings)
    }

    /// All that needs no terminal and no settings, in the order in which it is told.
    package func checks(now: Date) -> [DoctorCheck] {
        let crew = Crew(limit: 8)
        // What may wait for a program or a network goes at once.
        let jobs: [@Sendable () -> [DoctorCheck]] = [
            { [self.libpq] }, { [self.psql] }, { [self.openSSL] }, { [self.aws] }, { [self.ssh] },
            { self.logins }, { [self.sessionManager] }, { [self.bundle(now: now)] },
            { self.awsRoots }, { [self.clock(now: now)] },
            { self.permissions }, { [self.store] },
        ]
        return crew.all(jobs).flatMap { $0 }
    }

    // MARK: Libraries

    private var libpq: DoctorCheck {
        do throws(LibpqFailure) { try Libpq.load() } catch {
            return DoctorCheck("libpq", .error, error.message, fix: "install libpq5")
        }
        let version = Libpq.version
        let words = version >= 100_000 ? "\(version / 10_000).\(version % 10_000)" : "\(version)"
        guard version >= Self.oldestLibpq else {
            return DoctorCheck("libpq", .warning, words, fix: "pgfob is tested with 13 and later: update it")
        }
        return DoctorCheck("libpq", .ok, words)
    }

    private var openSSL: DoctorCheck { DoctorCheck("openssl", .ok, OpenSSLLibrary.version) }

    // MARK: Programs

    private var psql: DoctorCheck {
        do throws(Refusal) {
            let path = try PsqlLocator(
                environment: surroundings.environment, named: surroundings.settings.values.psql
            )
            .locate()
            guard let version = version(of: [path, "--version"]) else {
                return DoctorCheck(
                    "psql", .error, "\(path) does not run", fix: "reinstall it, or set psql in config.toml")
            }
            return DoctorCheck("psql", .ok, "\(version), \(path)")
        } catch {
            return DoctorCheck("psql", .error, error.what, fix: error.remedy)
        }
    }

    private var aws: DoctorCheck {
        guard let version = version(of: ["aws", "--version"]) else {
            return DoctorCheck(
                "aws", .warning, "not found or not running",
                fix: "install AWS CLI v2: SSO logins and ssm tunnels run it")
        }
        let first = version.split(separator: " ").first.map(String.init) ?? version
        guard !first.hasPrefix("aws-cli/1") else {
            return DoctorCheck("aws", .warning, first, fix: "SSO logins need version 2: install it")
        }
        return DoctorCheck("aws", .ok, first)
    }

    private var ssh: DoctorCheck {
        guard let version = version(of: ["ssh", "-V"]) else {
            return DoctorCheck(
                "ssh", .warning, "not found", fix: "install openssh-client: ssh tunnels run it")
        }
        return DoctorCheck("ssh", .ok, version)
    }

    private var sessionManager: DoctorCheck {
        guard let version = version(of: ["session-manager-plugin", "--version"]) else {
            return DoctorCheck(
                "ssm plugin", .warning, "not found", fix: "install session-manager-plugin: ssm tunnels run it"
            )
        }
        return DoctorCheck("ssm plugin", .ok, version)
    }

    /// The first line that a program says about itself; nil where it does not run.
    private func version(of command: [String]) -> String? {
        let wait = Wait(deadline: .now + Self.patience, cancellation: Cancellation())
        guard
            case .ended(0, let output, let errors) = HelperProcess(
                arguments: command, environment: surroundings.environment
            ).run(wait)
        else { return nil }
        let text = String(decoding: output, as: UTF8.self) + "\n" + errors
        let line = text.split(whereSeparator: \.isNewline).first.map(String.init) ?? ""
        return line.isEmpty ? nil : DialAddress.shown(line)
    }

    // MARK: Certificates and time

    private func bundle(now: Date) -> DoctorCheck {
        let path = CABundle(folder: surroundings.caFolder).path(of: BundleSource(partition: .aws))
        let status = BundleStatus(path: path, profiles: [], now: now)
        let fetch = "`pgfob ca fetch` downloads the roots of RDS"
        guard access(path, F_OK) == 0 else {
            return DoctorCheck("ca bundle", .warning, "\(path) is not there", fix: fetch)
        }
        guard !status.isUnusable else {
            return DoctorCheck("ca bundle", .error, "\(path): no certificate is in it", fix: fetch)
        }
        if let warning = status.warnings.first {
            return DoctorCheck("ca bundle", .warning, warning, fix: fetch)
        }
        guard let written = status.writtenAt, now.timeIntervalSince(written) < Self.bundleLife else {
            return DoctorCheck("ca bundle", .warning, "\(path) is older than a year", fix: fetch)
        }
        return DoctorCheck("ca bundle", .ok, "\(status.roots.count) roots, \(path)")
    }

    private func clock(now: Date) -> DoctorCheck {
        let options = SignerOptions(timeout: Self.patience)
        mint.source.store.chain.measureClock(TokenMint.request(nil, now, options))
        guard let seconds = mint.source.skew.seconds else {
            return DoctorCheck(
                "clock", .warning, "AWS could not be asked for the time", fix: "check the network and proxies"
            )
        }
        guard abs(seconds) >= ClockSkew.noticeable else {
            return DoctorCheck("clock", .ok, "as AWS's, within \(Int(abs(seconds).rounded(.up))) s")
        }
        let words = "\(Int(abs(seconds).rounded())) s \(seconds > 0 ? "behind" : "ahead of") AWS's"
        return DoctorCheck(
            "clock", .warning, words,
            fix: surroundings.settings.values.correctsClock
                ? "set it; until then pgfob signs with AWS's time" : "set it: tokens will be refused")
    }

    // MARK: Files

    private var permissions: [DoctorCheck] {
        let home = surroundings.environment["HOME"] ?? ""
        let secrets = surroundings.environment["AWS_SHARED_CREDENTIALS_FILE"] ?? "\(home)/.aws/credentials"
        let passfile = surroundings.environment["PGPASSFILE"] ?? "\(home)/.pgpass"
        var found: [DoctorCheck] = []
        for path in [surroundings.storePath, secrets, passfile] {
            var status = stat()
            guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_mode & 0o077 != 0
            else {
                continue
            }
            let others = path == passfile ? "libpq ignores it" : "others can read it"
            found.append(DoctorCheck("permissions", .warning, "\(path): \(others)", fix: "chmod 600 \(path)"))
        }
        return found.isEmpty
            ? [DoctorCheck("permissions", .ok, "files with secrets are closed to others")] : found
    }

    private var store: DoctorCheck {
        let path = surroundings.storePath
        do throws(Refusal) {
            let book = ProfileBook(path: path, isNamed: surroundings.storeIsNamed)
            guard try book.isThere() else {
                if let failure = ProfileStore.hindrance(toMaking: path) { throw Refusal(failure) }
                return DoctorCheck("store", .ok, "none yet at \(path)")
            }
            let count = try book.live().count
            let words = "\(count) profile\(count == 1 ? "" : "s")"
            if let failure = try book.store().hindrance {
                return DoctorCheck(
                    "store", .warning, "\(words) can be read, but \(failure.what)", fix: failure.remedy)
            }
            return DoctorCheck("store", .ok, "\(words), \(path)")
        } catch {
            return DoctorCheck("store", .error, error.what, fix: error.remedy)
        }
    }
}
