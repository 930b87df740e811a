#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
import CSystem
import TestSupport
import Testing

/// The C functions for files in memory and pipes, which no other test sees from outside.
struct SystemTests {
    private func flags(_ descriptor: Int32, _ command: Int32) -> Int32 { fcntl(descriptor, command) }

    @Test func `a file in memory is private, closed on exec and readable by a second descriptor alone`()
        throws
    {
        let file = csys_memfd("pgfob-test")
        defer { close(file) }
        try #require(file >= 0)
        var status = stat()
        fstat(file, &status)
        // libpq refuses a password file that others may read, and memfd_create's own mode is 0777.
        #expect(status.st_mode & 0o7777 == 0o600)
        #expect(flags(file, F_GETFD) & FD_CLOEXEC != 0)
        let reader = csys_reopen_readonly(file)
        defer { close(reader) }
        #expect(flags(reader, F_GETFD) & FD_CLOEXEC != 0)
        #expect(flags(reader, F_GETFL) & O_ACCMODE == O_RDONLY)
        #expect(pwrite(file, "secret", 6, 0) == 6)
        #expect(pwrite(reader, "x", 1, 0) == -1)
        var bytes = [UInt8](repeating: 0, count: 16)
        #expect(pread(reader, &bytes, 16, 0) == 6)
    }

    @Test func `a pipe neither blocks nor reaches a child`() throws {
        var ends: [Int32] = [-1, -1]
        try #require(csys_pipe(&ends) == 0)
        defer { for end in ends { close(end) } }
        for end in ends {
            #expect(flags(end, F_GETFD) & FD_CLOEXEC != 0)
            #expect(flags(end, F_GETFL) & O_NONBLOCK != 0)
        }
        var byte: UInt8 = 0
        #expect(read(ends[0], &byte, 1) == -1 && errno == EAGAIN)
    }

    @Test func `a folder that is watched tells of a write`() throws {
        let folder = try TemporaryFolder()
        let watch = csys_watch_folder(folder.path, 0)
        defer { close(watch) }
        var state = pollfd(fd: watch, events: Int16(POLLIN), revents: 0)
        #expect(poll(&state, 1, 0) == 0)
        try folder.write("x", to: "file")
        #expect(poll(&state, 1, 10_000) == 1)
        #expect(csys_watch_folder(folder.file("nowhere"), 0) == -1)
    }

    @Test(arguments: [("exit 7", CSYS_EXITED, 7), ("kill -9 $$", CSYS_SIGNALLED, SIGKILL)])
    func `a child's end is told as it was`(script: String, kind: Int32, code: Int32) throws {
        let run = try ProgramRun("/bin/sh", ["-c", script], environment: [:])
        #expect(run.ending == (kind == CSYS_EXITED ? .exited(code) : .killed(signal: code)))
    }

    @Test func `a child inherits what it is given and nothing else`() throws {
        let file = csys_memfd("given")
        let other = csys_memfd("other")
        defer { for descriptor in [file, other] { close(descriptor) } }
        let folder = try TemporaryFolder()
        let listing = folder.file("listing")
        let words: [UnsafeMutablePointer<CChar>?] = [
            strdup("sh"), strdup("-c"),
            strdup("for n in \(file) \(other); do readlink /proc/$$/fd/$n; done > \(listing)"), nil,
        ]
        let variables: [UnsafeMutablePointer<CChar>?] = [strdup("PATH=/usr/bin:/bin"), nil]
        defer { for word in words + variables { free(word) } }
        var (pid, group): (pid_t, pid_t) = (-1, -1)
        try #require(csys_spawn_foreground("/bin/sh", words, variables, [file], 1, &pid, &group) == 0)
        waitpid(pid, nil, 0)
        let seen = folder.read("listing") ?? ""
        #expect(seen.contains("/memfd:given"))
        #expect(!seen.contains("other"))
        #expect(csys_spawn_foreground("/nonexistent", words, variables, nil, 0, &pid, &group) == ENOENT)
    }
}
