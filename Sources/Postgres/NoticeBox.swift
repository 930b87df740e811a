/// What a server remarks beside its answers, until it is taken. What a server that never stops remarking says is not kept.
final class NoticeBox {
    /// Of one connection.
    static let limit = 100

    private var waiting: [LibpqMessage] = []
    private var count = 0

    /// - Parameter text: libpq's, as its notice processor gets it.
    func add(_ text: UnsafePointer<CChar>?) {
        count += 1
        if count <= Self.limit { waiting.append(LibpqMessage(ServerText.visible(text))) }
        if count == Self.limit + 1 { waiting.append(LibpqMessage("what it remarks beyond is left out")) }
    }

    /// Those that have come since the last time.
    func take() -> [LibpqMessage] {
        guard !waiting.isEmpty else { return [] }
        defer { waiting = [] }
        return waiting
    }
}
