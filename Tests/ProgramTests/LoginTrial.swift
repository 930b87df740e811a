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
import TestSupport
import Testing

/// Several of the real program through one login at a real sshd, and what they lead to.
struct LoginTrial {
    let home: ProgramHome
    let bastion: Bastion
    let far: Far

    /// What the tunnels lead to.
    final class Far {
        let listener: (descriptor: Int32, port: Int)
        init() throws { listener = try Loopback.listen(backlog: 16) }
        deinit { Loopback.end(listener.descriptor) }

        /// A connection through a port of this machine that arrives here.
        func line(through port: Int) throws -> Line {
            let near = try #require(Loopback.connect(port: port))
            var set = pollfd(fd: listener.descriptor, events: Int16(POLLIN), revents: 0)
            guard poll(&set, 1, 60_000) == 1 else { throw Lost() }
            return Line(near: near, far: accept(listener.descriptor, nil, nil))
        }
    }

    struct Lost: Error {}

    final class Line {
        private let (near, far): (Int32, Int32)
        init(near: Int32, far: Int32) { (self.near, self.far) = (near, far) }
        deinit {
            Loopback.end(near)
            Loopback.end(far)
        }

        /// Whether what goes in at the near end comes out at the far one.
        var isWhole: Bool {
            guard Loopback.send(near, [0x2a]) else { return false }
            var set = pollfd(fd: far, events: Int16(POLLIN), revents: 0)
            var byte: UInt8 = 0
            return poll(&set, 1, 60_000) == 1 && read(far, &byte, 1) == 1 && byte == 0x2a
        }
    }

    init() throws {
        home = try ProgramHome(hasOwnRuntime: true)
        bastion = try Bastion(options: ["PasswordAuthentication yes"])
        far = try Far()
        for (name, tunnel) in [("plain", "ssh bastion"), ("asking", "ssh locked")] {
            let added = try home.pgfob(
                "add", "--name", name, "--host", "db.example", "--user", "jo", "--database", "d", "--auth",
                "pgpass", "--env", "dev", "--tunnel", tunnel, "--dial", "127.0.0.1:\(far.listener.port)")
            #expect(added.code == 0, "\(added.errors)")
        }
    }

    var environment: [String: String] { home.environment.merging(bastion.environment) { $1 } }

    func start(_ more: [String: String] = [:]) throws -> ChildProgram {
        try ChildProgram(
            ProgramPath.pgfob, ["tunnel", "plain"], environment: environment.merging(more) { $1 }, input: nil)
    }

    /// Where its tunnel begins, once it is up.
    func port(of child: ChildProgram) throws -> Int {
        try child.wait(120, for: "connection string") { child.output.hasSuffix("\n") }
        return try Self.port(in: child.output)
    }

    static func port(in text: String) throws -> Int {
        let word = text.split(whereSeparator: \.isWhitespace).first { $0.hasPrefix("port=") }
        return try #require(word.flatMap { Int($0.dropFirst(5)) }, "\(text)")
    }

    /// What programs of this test have started.
    func helpers(named name: String? = nil) -> [pid_t] {
        HelperProcess.all(of: home.folder.path).filter { name == nil || $0.name == name }.map(\.pid)
    }

    /// The folders of runs and of logins.
    var folders: [String] {
        (try? FileManager.default.contentsOfDirectory(atPath: home.folder.file("pgfob"))) ?? []
    }

    /// Whether nothing listens at a port, which nobody has connected to.
    func isFree(_ port: Int) -> Bool {
        guard let taken = try? Loopback.listen(backlog: 1, port: port) else { return false }
        Loopback.end(taken.descriptor)
        return true
    }

    func interrupt(_ child: ChildProgram) throws {
        child.signal(SIGINT)
        #expect(try child.end(within: 120) == .exited(130))
    }

    func terminal(_ arguments: [String] = ["tunnel", "asking"]) throws -> PseudoTerminal {
        try home.screen(arguments, columns: 160, rows: 30, more: bastion.environment)
    }
}
