/// Reads what ssh says, line by line. Of a connection that came to nothing it says first why, and then, by the option
/// of ``CarrierCommand/verbose``, which one it was: programs that share an ssh read one another's lines, and only what
/// concerns its own port may be told as the reason here.
struct BastionWords {
    enum Meaning: Sendable, Hashable {
        /// Of the login, or of ssh as a whole.
        case said(String)
        /// A connection to a port of this machine that ssh forwards came to nothing.
        case failed(String, port: Int)
    }

    /// So many lines later at most ssh tells which connection it was: what is lost when the log is emptied is not put
    /// down to another connection.
    private static let patience = 16
    /// What an ssh says at the level DEBUG1 without a mark.
    private static let chatter = ["Authenticated to ", "Transferred: sent ", "Bytes per second: sent "]

    /// Whether it has logged in. Before that the one connection that can come to nothing is that of the ssh to a jump host.
    var isUp = false
    /// Connections that came to nothing, by ssh's number, and after how many lines that was said.
    private var failed: [(channel: Substring, words: String, at: Int)] = []
    private var count = 0

    /// - Returns: nil for what is nobody's concern.
    mutating func take(_ line: String) -> Meaning? {
        count += 1
        failed.removeAll { count - $0.at > Self.patience }
        if line.hasPrefix("debug") { return freed(line) }
        guard isUp, let channel = Self.channel(before: Self.mark, in: line) else {
            return Self.chatter.contains(where: line.hasPrefix) ? nil : .said(line)
        }
        failed.removeAll { $0.channel == channel }
        failed.append((channel, line, count))
        return nil
    }

    private static let mark = ": open failed: "

    /// Why a login failed by what the ssh to a jump host said, which is not to be taken for the bastion's word; nil where it
    /// said nothing.
    static func jump(_ lines: [String]) -> TunnelFailure? {
        lines.compactMap { line in
            line.firstRange(of: mark).map {
                TunnelFailure(.refused, "the jump host does not reach the bastion: \(line[$0.upperBound...])")
            }
        }.last
    }

    /// `debug1: ...: channel 2: free: direct-tcpip: listening port 40333 for 10.0.0.1 port 5432, connect from ...`
    private mutating func freed(_ line: String) -> Meaning? {
        guard let channel = Self.channel(before: ": free: ", in: line),
            let place = failed.firstIndex(where: { $0.channel == channel })
        else { return nil }
        let words = failed.remove(at: place).words
        let port = line.split(separator: " listening port ").last?.prefix { $0.isNumber }
        return port.flatMap { Int($0) }.map { .failed(words, port: $0) }
    }

    /// The number in `channel N` before some words.
    private static func channel(before words: String, in line: String) -> Substring? {
        let parts = line.split(separator: words, maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2 else { return nil }
        let ending = parts[0].split(separator: " ").suffix(2)
        guard ending.count == 2, ending.first == "channel", let number = ending.last,
            !number.isEmpty, number.allSatisfy(\.isNumber)
        else { return nil }
        return number
    }
}
