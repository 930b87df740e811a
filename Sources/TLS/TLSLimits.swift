import COpenSSL
import Diagnosis
import Workers

/// What libpq's keywords ask of a TLS connection beyond a good certificate (PostgreSQL documentation, "Parameter Key
/// Words"), by the keywords' own names.
package struct TLSLimits: Sendable, Hashable {
    /// The keywords that are known here.
    package static let keywords: Set<String> = [
        "sslcrl", "sslcrldir", "ssl_min_protocol_version", "ssl_max_protocol_version", "sslsni",
    ]

    private let values: [String: String]

    /// - Parameter parameters: libpq's; those that are no limits are not looked at.
    package init(_ parameters: [String: String] = [:]) {
        values = parameters.filter { Self.keywords.contains($0.key) && !$0.value.isEmpty }
    }

    /// What is read for them.
    var files: [String] { ["sslcrl", "sslcrldir"].compactMap { values[$0] } }

    /// - Returns: why they cannot be had; nil where they hold.
    func apply(to trust: OpaquePointer) -> String? {
        guard !values.isEmpty else { return nil }
        var words = [CChar](repeating: 0, count: 256)
        let done = Self.pass(values["sslcrl"]) { crl in
            Self.pass(values["sslcrldir"]) { folder in
                Self.pass(values["ssl_min_protocol_version"]) { least in
                    Self.pass(values["ssl_max_protocol_version"]) { most in
                        copenssl_trust_restrict(
                            trust, crl, folder, least, most, values["sslsni"] == "0" ? 0 : 1, &words,
                            words.count)
                    }
                }
            }
        }
        guard done != 0 else { return nil }
        return VisibleText.line(String(cArray: words))
    }

    private static func pass(_ text: String?, _ body: (UnsafePointer<CChar>?) -> Int32) -> Int32 {
        guard let text else { return body(nil) }
        return text.withCString(body)
    }
}
