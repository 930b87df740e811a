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
    static func stringToSign(timestamp: String, scope: String, canonicalRequest: String) -> String {
        "\(algorithm)\n\(timestamp)\n\(scope)\n\(hex(sha256(Array(canonicalRequest.utf8))))"
    }

    /// The signature in hexadecimal digits. Every derived key is wiped.
    static func signature(
        of stringToSign: String, secret: Secret, date: String, region: String, service: String
    ) -> String {
        var key = Array("AWS4\(secret.reveal())".utf8)
        for part in [date, region, service, "aws4_request"] {
            let next = hmac(key: key, Array(part.utf8))
            wipe(&key)
            key = next
        }
        defer { wipe(&key) }
        return hex(hmac(key: key, Array(stringToSign.utf8)))
    }

    static func sha256(_ bytes: [UInt8]) -> [UInt8] {
        var digest = [UInt8](repeating: 0, count: 32)
        copenssl_sha256(bytes, bytes.count, &digest)
        return digest
    }

    private static func hmac(key: [UInt8], _ bytes: [UInt8]) -> [UInt8] {
        var digest = [UInt8](repeating: 0, count: 32)
        copenssl_hmac(key, key.count, bytes, bytes.count, &digest)
        return digest
    }

    private static func wipe(_ bytes: inout [UInt8]) {
        let count = bytes.count
        copenssl_wipe(&bytes, count)
    }

    static func hex(_ bytes: [UInt8]) -> String {
        let digits = Array("0123456789abcdef".utf8)
        var text: [UInt8] = []
        text.reserveCapacity(bytes.count * 2)
        for byte in bytes {
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 15)])
        }
        return String(decoding: text, as: UTF8.self)
    }
}
