#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
import Operations

/// A file that the user named, or stdin.
enum InputFile {
    /// No import is larger.
    private static let limit = 200_000_000

    /// - Parameter path: `-` is stdin.
    /// - Throws: ``Refusal`` of kind `failed` with the file and the reason.
    static func read(_ path: String) throws(Refusal) -> String {
        let descriptor = path == "-" ? 0 : open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw unreadable(path) }
        defer { if path != "-" { close(descriptor) } }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = readBytes(descriptor, &chunk)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw unreadable(path) }
            if count == 0 { break }
            bytes += chunk.prefix(count)
            guard bytes.count <= limit else {
                throw Refusal(.failed, "\(path) is larger than \(limit / 1_000_000) MB", do: "split it")
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func unreadable(_ path: String) -> Refusal {
        Refusal(
            .failed, "\(path) cannot be read (\(String(cString: strerror(errno))))",
            do: "check the path and its permissions")
    }
}

/// The C library's `read`, apart from the method of that name.
private func readBytes(_ descriptor: Int32, _ chunk: inout [UInt8]) -> Int {
    read(descriptor, &chunk, chunk.count)
}
