import COpenSSL

/// Digests by which AWS's tools name their cache files.
enum Digest {
    /// 40 lower-case digits.
    static func sha1(_ text: String) -> String {
        var digest = [UInt8](repeating: 0, count: 20)
        let bytes = Array(text.utf8)
        copenssl_sha1(bytes, bytes.count, &digest)
        return hex(digest)
    }

    /// 64 lower-case digits.
    static func sha256(_ text: String) -> String {
        var digest = [UInt8](repeating: 0, count: 32)
        let bytes = Array(text.utf8)
        copenssl_sha256(bytes, bytes.count, &digest)
        return hex(digest)
    }

    private static func hex(_ bytes: [UInt8]) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(
            decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }
}
