/// Percent-encoding as SigV4 wants it: every byte of the UTF-8 form but `A-Za-z0-9-._~`, in upper-case
/// digits, a blank as `%20` (AWS General Reference, "Create a canonical request").
package enum PercentEncoding {
    package static func encode(_ text: String) -> String {
        var result: [UInt8] = []
        result.reserveCapacity(text.utf8.count + 16)
        append(text, to: &result)
        return String(decoding: result, as: UTF8.self)
    }

    static func append(_ text: String, to result: inout [UInt8]) {
        result.reserveCapacity(result.count + text.utf8.count + 64)
        let unreserved = isUnreserved
        for byte in text.utf8 {
            if unreserved[Int(byte)] {
                result.append(byte)
            } else {
                result.append(0x25)
                result.append(digit(byte >> 4))
                result.append(digit(byte & 15))
            }
        }
    }

    /// RFC 3986 section 2.3, by byte.
    private static let isUnreserved: [Bool] = (0...255).map { byte in
        switch UInt8(byte) {
        case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, 0x2d, 0x2e, 0x5f, 0x7e: true
        default: false
        }
    }

    /// The text that was encoded; nil where a `%` is not followed by two digits, or it is no UTF-8.
    package static func decode(_ text: some StringProtocol) -> String? {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            guard byte == 0x25 else {
                bytes.append(byte)
                continue
            }
            guard let high = rest.popFirst().flatMap(value), let low = rest.popFirst().flatMap(value) else {
                return nil
            }
            bytes.append(high << 4 | low)
        }
        return String(validating: bytes, as: UTF8.self)
    }

    private static func digit(_ value: UInt8) -> UInt8 { value < 10 ? 0x30 + value : 0x37 + value }

    private static func value(_ digit: UInt8) -> UInt8? {
        switch digit {
        case 0x30...0x39: digit - 0x30
        case 0x41...0x46: digit - 0x37
        case 0x61...0x66: digit - 0x57
        default: nil
        }
    }
}
