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
import Profiles
import Synchronization
import TestSupport
import Testing
import Tunnels
import Workers

/// A real sshd, pools of tunnels through it, and their user.
struct BastionTrial {
    let folder: TemporaryFolder
    let bastion: Bastion

    /// - Parameter options: lines of sshd's configuration: where passwords are taken, they are asked for once no key is.
    init(options: [String] = ["PasswordAuthentication yes"]) throws {
        folder = try TemporaryFolder()
        bastion = try Bastion(options: options)
    }

    func pool(_ more: [String: String] = [:], linger: Duration = .seconds(60)) -> TunnelPool {
        let own = ["XDG_RUNTIME_DIR": folder.path, "HOME": folder.path]
        return TunnelPool(
            environment: bastion.environment.merging(own) { $1 }.merging(more) { $1 },
            program: ProgramPath.pgfob,
            linger: linger
        ) { _ in }
    }

    static func wait(_ seconds: Double = 120, _ cancellation: Cancellation = Cancellation()) -> Wait {
        Wait(deadline: .now + .seconds(seconds), cancellation: cancellation)
    }

    static func plan(_ host: String, port: Int = 1) -> TunnelPlan {
        TunnelPlan(definition: .ssh(destination: host, port: nil), host: "127.0.0.1", port: port)
    }

    /// The user: what was asked, and the answers.
    final class User: Sendable {
        private let questions = Mutex<[TunnelQuestion]>([])
        private let answers: @Sendable (TunnelQuestion, Cancellation) -> String?

        init(_ answers: @escaping @Sendable (TunnelQuestion, Cancellation) -> String?) {
            self.answers = answers
        }

        var asked: [String] { questions.withLock { $0.map(\.prompt) } }

        var ask: @Sendable (TunnelQuestion, Cancellation) -> String? {
            { question, cancellation in
                self.questions.withLock { $0.append(question) }
                return self.answers(question, cancellation)
            }
        }
    }

    /// The ssh that carries the tunnels of this test.
    var masters: [pid_t] {
        HelperProcess.all(of: folder.path).filter {
            let arguments = $0.arguments
            return arguments.first == "/usr/bin/ssh" && arguments.contains("-M")
        }.map(\.pid)
    }

    /// Whether the ssh of this test is being told to forward something.
    var isToldToForward: Bool {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return names.compactMap { pid_t($0) }.contains { pid in
            let words = FileManager.default.contents(atPath: "/proc/\(pid)/cmdline")?.split(separator: 0)
            guard words?.contains(where: { $0.elementsEqual("forward".utf8) }) == true else { return false }
            let environment = FileManager.default.contents(atPath: "/proc/\(pid)/environ")?.split(
                separator: 0)
            return environment?.contains { $0.elementsEqual("XDG_RUNTIME_DIR=\(folder.path)".utf8) } == true
        }
    }

    /// Waits until sshd has seen the client of a login go that came to nothing, so that its log is whole.
    func sawLoginEnd(_ count: Int = 1) async -> Bool {
        await eventually(within: .seconds(120)) {
            bastion.refusals >= count
        }
    }
}
