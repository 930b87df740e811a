#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
import Synchronization
import Workers

/// Reads the two files and reads them again when they have changed.
final class SharedConfigReader: Sendable {
    /// A configuration of this size is none.
    static let limit = 10_000_000

    private struct Cached {
        var config: SharedConfig
        var marks: [FileMark?]
        var generation: Int
    }

    let configPath: String
    let credentialsPath: String
    private let cached = Mutex<Cached?>(nil)

    init(environment: EnvironmentValues) {
        configPath = Self.expanded(environment["AWS_CONFIG_FILE"] ?? "~/.aws/config", environment)
        credentialsPath = Self.expanded(
            environment["AWS_SHARED_CREDENTIALS_FILE"] ?? "~/.aws/credentials", environment)
    }

    /// Both files as they are now.
    func read() -> SharedConfig {
        let marks = [FileMark(configPath), FileMark(credentialsPath)]
        return cached.withLock { cached in
            if let known = cached, known.marks == marks { return known.config }
            var unreadable: [AWSFailure] = []
            let config = SharedConfig(
                configPath: configPath, credentialsPath: credentialsPath,
                config: Self.parse(configPath, &unreadable),
                credentials: Self.parse(credentialsPath, &unreadable),
                unreadable: unreadable)
            cached = Cached(config: config, marks: marks, generation: (cached?.generation ?? 0) + 1)
            return config
        }
    }

    /// Counts how often the files were found changed.
    var generation: Int {
        _ = read()
        return cached.withLock { $0?.generation ?? 0 }
    }

    /// Replaces a leading `~` and `$NAME` or `${NAME}`, as botocore does.
    static func expanded(_ path: String, _ environment: EnvironmentValues) -> String {
        var text = path
        if text == "~" || text.hasPrefix("~/") { text = (environment["HOME"] ?? "") + text.dropFirst() }
        guard text.contains("$") else { return text }
        var result = ""
        var rest = text[...]
        while let dollar = rest.firstIndex(of: "$") {
            result += rest[..<dollar]
            rest = rest[rest.index(after: dollar)...]
            let braced = rest.first == "{"
            let body = braced ? rest.dropFirst() : rest
            let name = body.prefix { $0 == "_" || $0.isASCII && ($0.isLetter || $0.isNumber) }
            let after = body.dropFirst(name.count)
            guard !name.isEmpty, !braced || after.first == "}", let value = environment[String(name)] else {
                result += "$"
                continue
            }
            result += value
            rest = braced ? after.dropFirst() : after
        }
        return result + rest
    }

    /// A missing file is an empty one; any other that cannot be read is reported.
    private static func parse(_ path: String, _ unreadable: inout [AWSFailure]) -> SharedFile {
        let file = SmallFile.open(path)
        guard file >= 0 else {
            // A folder that is a file (HOME=/dev/null) holds no AWS file either.
            if errno != ENOENT, errno != ENOTDIR { unreadable.append(broken(path, errno)) }
            return SharedFile()
        }
        defer { close(file) }
        var content: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = readChunk(file, &chunk)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else {
                unreadable.append(broken(path, errno))
                return SharedFile()
            }
            guard count > 0 else { return SharedFile(content) }
            content += chunk.prefix(count)
            if content.count > limit {
                unreadable.append(
                    AWSFailure(
                        "aws-config-broken",
                        "\(path.shown): larger than \(limit / 1_000_000) MB, which no AWS file is",
                        do: "correct AWS_CONFIG_FILE or AWS_SHARED_CREDENTIALS_FILE, or clean the file up"))
                return SharedFile()
            }
        }
    }

    private static func broken(_ path: String, _ code: Int32) -> AWSFailure {
        AWSFailure(
            "aws-config-broken",
            "\(path.shown): \(code == EPIPE ? "is no file but a pipe" : String(cString: strerror(code)))",
            do: code == EACCES ? "make the file readable for your account" : "put a readable file there")
    }
}

/// The C library's `read`, apart from the method of that name.
private func readChunk(_ file: Int32, _ chunk: inout [UInt8]) -> Int {
    read(file, &chunk, chunk.count)
}
