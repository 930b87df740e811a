/// The room that one profile's answers have on a screen: whole lines, and then one that says that there is more. Each of
/// several has its own, so that a long answer of the first leaves the others theirs.
package struct AnswerRoom {
    private let name: String
    private var left: Int
    private var isCut = false

    /// - Parameters:
    ///   - name: the profile's, as it is shown.
    ///   - bytes: how much it takes.
    package init(_ name: String, bytes: Int) { (self.name, left) = (name, bytes) }

    /// What of these lines still has room.
    package mutating func take(_ lines: String) -> String {
        guard !isCut else { return "" }
        let bytes = lines.utf8
        guard bytes.count > left else {
            left -= bytes.count
            return lines
        }
        isCut = true
        let end = bytes.index(bytes.startIndex, offsetBy: left)
        let whole = bytes[..<end].lastIndex(of: 0x0a).map { String(lines[...$0]) } ?? ""
        return "\(whole)... and more of \(name), which `pgfob run` shows\n"
    }
}
