import TLS
import Workers

/// Messages of a connection, one after the other. What was read beyond the last one is not lost.
struct WireReader {
    let stream: NetworkStream
    private var buffer: [UInt8] = []

    init(_ stream: NetworkStream) {
        self.stream = stream
    }

    /// Whether nothing came behind the last message that was taken.
    var isEmpty: Bool { buffer.isEmpty }

    /// What came behind the last message that was taken.
    mutating func takeRest() -> [UInt8] {
        defer { buffer = [] }
        return buffer
    }

    /// So many bytes.
    ///
    /// - Throws: ``StreamFailure``, `closed` where the other side ends before.
    mutating func bytes(_ count: Int, _ wait: Wait) throws(StreamFailure) -> [UInt8] {
        while buffer.count < count {
            let more = try stream.receive(atMost: 8192, wait: wait)
            guard !more.isEmpty else { throw .closed(text: "the connection was closed") }
            buffer += more
        }
        defer { buffer.removeFirst(count) }
        return Array(buffer[..<count])
    }

    /// How long the packet is that a client begins with, and the first four bytes behind that.
    mutating func startupHead(_ wait: Wait) throws(StreamFailure) -> (length: Int, start: [UInt8]) {
        let head = try bytes(8, wait)
        return (Self.length(Array(head[..<4])), Array(head[4...]))
    }

    mutating func message(_ wait: Wait) throws(StreamFailure) -> Wire.Message {
        let head = try bytes(5, wait)
        let length = Self.length(Array(head[1...]))
        guard length >= 4, length <= Wire.limit else {
            throw .closed(text: "what came is no message of PostgreSQL")
        }
        return Wire.Message(kind: head[0], body: try bytes(length - 4, wait))
    }

    private static func length(_ bytes: [UInt8]) -> Int { bytes.reduce(0) { $0 << 8 | Int($1) } }
}
