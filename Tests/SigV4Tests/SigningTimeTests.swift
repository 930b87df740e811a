import SigV4
import Testing

struct SigningTimeTests {
    @Test(arguments: [
        (0, "19700101T000000Z"), (1_440_938_160, "20150830T123600Z"), (951_782_400, "20000229T000000Z"),
        (-1, "19691231T235959Z"), (4_107_542_399, "21000228T235959Z"), (253_402_300_799, "99991231T235959Z"),
        (-62_135_596_800, "00010101T000000Z"),
    ])
    func `an instant is written and read in the basic form of ISO 8601`(seconds: Int, text: String) {
        let time = SigningTime(seconds: seconds)
        #expect(time.text == text)
        #expect(time.day == text.prefix(8))
        #expect(SigningTime(text)?.seconds == seconds)
    }

    @Test(arguments: [Int.min, Int.max])
    func `an instant out of all bounds is clipped`(seconds: Int) {
        #expect([1, 9999].contains(Int(SigningTime(seconds: seconds).text.prefix(4))))
    }

    @Test func `a day later is the next day, leap years included`() {
        var seconds = -62_135_596_800
        var before = SigningTime(seconds: seconds).day
        // Every tenth thousand days and their neighbours; the text of a day is never repeated.
        while seconds < 253_402_300_799 - 86_400 * 2 {
            let next = SigningTime(seconds: seconds + 86_400)
            #expect(next.day > before)
            #expect(SigningTime("\(next.day)T000000Z")?.seconds == seconds + 86_400)
            seconds += 86_400 * 997
            before = SigningTime(seconds: seconds).day
        }
    }

    @Test(arguments: [
        "", "20150830T123600", "20150830t123600Z", "20150830T123600z", "2015-08-30T12:36:00Z",
        "20150230T000000Z",
        "20151301T000000Z", "20150000T000000Z", "20150830T240000Z", "20150830T126000Z", "20150830T123660Z",
        "00000101T000000Z", "2015083０T123600Z", "+2015830T123600Z",
    ])
    func `what is no instant is refused`(text: String) {
        #expect(SigningTime(text) == nil)
    }
}
