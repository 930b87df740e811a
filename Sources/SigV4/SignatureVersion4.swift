import COpenSSL
import Secrets

/// The signing key and the signature (AWS General Reference, "Signature Version 4 signing process").
enum SignatureVersion4 {
    static let algorithm = "AWS4-HMAC-SHA256"

    /// `yyyymmdd/region/service/aws4_request`.
    static func scope(date: String, region: String, service: String) -> String {
        "\(date)/\(region)/\(service)/aws4_request"
    }

    /// The algorithm, the time, the scope and the digest of the canonical request, a line each.
    static func stringToSign(timestamp: String, scope: String, canonicalRequest: [UInt8]) -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity(192)
        for line in [algorithm, timestamp, scope] {
            text += line.utf8
            text.append(0x0a)
        }
        text += hex(sha256(canonicalRequest))
        return text
    }

    /// The signature in hexadecimal digits. Every derived key is wiped.
    static func signature(
        of stringToSign: [UInt8], secret: Secret, date: String, region: String, service: String
    ) -> [UInt8] {
        var key: [UInt8] = []
        let text = secret.reveal()
        // In one piece from the start: a growing array would leave copies of the key behind.
        key.reserveCapacity(text.utf8.count + 4)
        key += "AWS4".utf8
        key += text.utf8
        for part in [date, region, service, "aws4_request"] {
            let next = hmac(key: key, Array(part.utf8))
            wipe(&key)
            key = next
        }
        defer { wipe(&key) }
        return hex(hmac(key: key, stringToSign))
    }

    static func sha256(_ bytes: [UInt8]) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: 32) { digest, count in
            if let room = digest.baseAddress { copenssl_sha256(bytes, bytes.count, room) }
            count = 32
        }
    }

    private static func hmac(key: [UInt8], _ bytes: [UInt8]) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: 32) { digest, count in
            if let room = digest.baseAddress {
                copenssl_hmac(key, key.count, bytes, bytes.count, room)
            }
            count = 32
        }
    }

    private static func wipe(_ bytes: inout [UInt8]) {
        let count = bytes.count
        copenssl_wipe(&bytes, count)
    }

    /// Two lower-case digits for every byte.
    static func hex(_ bytes: [UInt8]) -> [UInt8] {
        func digit(_ value: UInt8) -> UInt8 { value < 10 ? 0x30 + value : 0x57 + value }
        var text: [UInt8] = []
        text.reserveCapacity(bytes.count * 2)
        for byte in bytes {
            text.append(digit(byte >> 4))
            text.append(digit(byte & 15))
        }
        return text
    }
}
