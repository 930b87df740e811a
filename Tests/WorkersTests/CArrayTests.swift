import Testing
import Workers

struct CArrayTests {
    @Test func `a C array is a text up to its zero, whatever lies behind it`() {
        #expect(String(cArray: Array("né".utf8CString) + [120, 121]) == "né")
        #expect(String(cArray: [CChar](repeating: 0, count: 8)).isEmpty)
        #expect(String(cArray: [97, -1, 98]) == "a\u{fffd}b")
        #expect(String(cArray: [CChar]()).isEmpty)
    }
}
