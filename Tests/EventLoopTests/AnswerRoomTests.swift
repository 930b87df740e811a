import EventLoop
import Testing

/// The room that one profile's answers have on a screen.
struct AnswerRoomTests {
    @Test func `what has room passes as it is, and what has none is said once, behind whole lines`() {
        var room = AnswerRoom("orders", bytes: 20)
        #expect(room.take("-- orders --\n") == "-- orders --\n")
        #expect(room.take("1\n2\n会計会計\n") == "1\n2\n... and more of orders, which `pgfob run` shows\n")
        #expect(room.take("3\n").isEmpty)
    }

    @Test func `exactly as much as there is room for is whole`() {
        var room = AnswerRoom("orders", bytes: 4)
        #expect(room.take("ab\n") == "ab\n" && room.take("\n") == "\n")
        #expect(room.take("x") == "... and more of orders, which `pgfob run` shows\n")
    }
}
