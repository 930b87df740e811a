/// Reads one answer from its bytes, however they are cut (RFC 9112). Strict where leniency would let one answer be
/// taken for another's, and bounded in all that it keeps.
package struct HTTPResponseParser {
    /// What is wrong with the bytes.
    package struct Malformed: Error, Sendable, Hashable { package var text: String }

    private enum State {
        case status, headers
        case body(left: Int)
        case chunkSize
        case chunk(left: Int)
        case chunkEnd, trailers
        case untilClose
        case done
    }

    /// Of the status line and all headers together, in bytes.
    private static let headLimit = 65_536
    private static let lineLimit = 16_384

    private let bodyLimit: Int
    private let method: String
    private var state = State.status
    private var line: [UInt8] = []
    private var headCount = 0
    package private(set) var response = HTTPResponse(status: 0)
    private var isHTTP10 = false

    /// - Parameter method: of the request: an answer to HEAD has no body.
    package init(method: String, bodyLimit: Int) {
        self.method = method
        self.bodyLimit = bodyLimit
    }

    package var isDone: Bool { if case .done = state { true } else { false } }
    /// Whether anything has come at all.
    package var hasBegun: Bool { headCount > 0 || !line.isEmpty }

    /// Whether the connection can carry another request.
    package var keepsAlive: Bool {
        guard isDone else { return false }
        let words = response["connection"]?.lowercased() ?? ""
        return isHTTP10 ? words.contains("keep-alive") : !words.contains("close")
    }

    /// Takes bytes as they come.
    ///
    /// - Returns: what is left behind the end of the answer, which a server that means well does not send.
    package mutating func feed(_ bytes: ArraySlice<UInt8>) throws(Malformed) -> ArraySlice<UInt8> {
        var rest = bytes
        while !rest.isEmpty {
            switch state {
            case .done: return rest
            case .body(let left):
                let part = rest.prefix(left)
                try append(part)
                rest = rest.dropFirst(part.count)
                state = part.count == left ? .done : .body(left: left - part.count)
            case .chunk(let left):
                let part = rest.prefix(left)
                try append(part)
                rest = rest.dropFirst(part.count)
                state = part.count == left ? .chunkEnd : .chunk(left: left - part.count)
            case .untilClose:
                try append(rest)
                rest = []
            default:
                guard let end = rest.firstIndex(of: 0x0a) else {
                    line += rest
                    rest = []
                    guard line.count <= Self.lineLimit else {
                        throw Malformed(text: "a line of the answer is too long")
                    }
                    break
                }
                line += rest[..<end]
                rest = rest[(end + 1)...]
                if line.last == 0x0d { line.removeLast() }
                let complete = line
                line = []
                headCount += complete.count + 2
                guard complete.count <= Self.lineLimit, headCount <= Self.headLimit else {
                    throw Malformed(text: "the head of the answer is too long")
                }
                try take(complete)
            }
        }
        return rest
    }

    /// The connection has ended.
    package mutating func end() throws(Malformed) {
        switch state {
        case .done: return
        case .untilClose: state = .done
        case .status where !hasBegun:
            throw Malformed(text: "the server closed the connection without an answer")
        default: throw Malformed(text: "the answer was cut off")
        }
    }

    private mutating func append(_ bytes: ArraySlice<UInt8>) throws(Malformed) {
        guard response.body.count + bytes.count <= bodyLimit else {
            throw Malformed(text: "the answer is larger than \(bodyLimit / 1_000_000) MB")
        }
        response.body += bytes
    }

    private mutating func take(_ line: [UInt8]) throws(Malformed) {
        switch state {
        case .status: try takeStatus(line)
        case .headers:
            guard line.isEmpty else {
                response.headers.append(try Self.header(line))
                return
            }
            try beginBody()
        case .chunkSize:
            let digits = line.prefix { $0 != 0x3b && $0 != 0x20 && $0 != 0x09 }
            guard !digits.isEmpty, digits.count <= 8,
                let size = Int(String(decoding: digits, as: UTF8.self), radix: 16),
                digits.allSatisfy({ $0 != 0x2b && $0 != 0x2d })
            else { throw Malformed(text: "a chunk of the answer has no size") }
            // The lines between chunks are the body's overhead, not the head's.
            headCount = 0
            state = size == 0 ? .trailers : .chunk(left: size)
        case .chunkEnd:
            guard line.isEmpty else { throw Malformed(text: "a chunk of the answer is longer than it says") }
            state = .chunkSize
        case .trailers:
            if line.isEmpty { state = .done }
        case .body, .chunk, .untilClose, .done: break
        }
    }

    private mutating func takeStatus(_ line: [UInt8]) throws(Malformed) {
        let words = line.split(separator: 0x20, maxSplits: 2, omittingEmptySubsequences: false)
        guard words.count >= 2,
            words[0].elementsEqual("HTTP/1.1".utf8) || words[0].elementsEqual("HTTP/1.0".utf8),
            words[1].count == 3, words[1].allSatisfy({ (0x30...0x39).contains($0) }),
            let status = Int(String(decoding: words[1], as: UTF8.self)), status >= 100
        else { throw Malformed(text: "what answers does not speak HTTP/1.1") }
        isHTTP10 = words[0].last == 0x30
        response.status = status
        state = .headers
    }

    private static func header(_ line: [UInt8]) throws(Malformed) -> HTTPRequest.Header {
        guard let colon = line.firstIndex(of: 0x3a), colon > 0, line[..<colon].allSatisfy(isToken) else {
            throw Malformed(text: "a header of the answer is malformed")
        }
        let value = String(decoding: line[(colon + 1)...], as: UTF8.self).trimmingSpaces
        return HTTPRequest.Header(String(decoding: line[..<colon], as: UTF8.self).lowercased(), value)
    }

    /// RFC 9110, 5.6.2.
    private static func isToken(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5a, 0x61...0x7a: true
        case 0x21, 0x23...0x27, 0x2a, 0x2b, 0x2d, 0x2e, 0x5e...0x60, 0x7c, 0x7e: true
        default: false
        }
    }

    private mutating func beginBody() throws(Malformed) {
        // 100 Continue and its like stand before the answer itself.
        if (100..<200).contains(response.status) {
            response = HTTPResponse(status: 0)
            state = .status
            return
        }
        let lengths = response.headers.filter { $0.name == "content-length" }.map(\.value)
        let coding = response["transfer-encoding"]?.lowercased()
        guard method != "HEAD", response.status != 204, response.status != 304 else {
            state = .done
            return
        }
        if let coding {
            // Both would let two readers disagree on where the answer ends (RFC 9112, 6.3).
            guard coding == "chunked", lengths.isEmpty else {
                throw Malformed(text: "the answer's length is told in two ways")
            }
            state = .chunkSize
        } else if let first = lengths.first {
            guard Set(lengths).count == 1, first.utf8.count <= 12,
                first.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
                let length = Int(first)
            else { throw Malformed(text: "the answer's length is no number") }
            guard length <= bodyLimit else {
                throw Malformed(text: "the answer is larger than \(bodyLimit / 1_000_000) MB")
            }
            state = length == 0 ? .done : .body(left: length)
        } else {
            state = .untilClose
        }
    }
}

extension String {
    /// Without blanks and tabs at both ends (RFC 9110, 5.5).
    fileprivate var trimmingSpaces: String {
        var rest = self[...]
        while let first = rest.first, first == " " || first == "\t" { rest.removeFirst() }
        while let last = rest.last, last == " " || last == "\t" { rest.removeLast() }
        return String(rest)
    }
}
