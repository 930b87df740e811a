#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import COpenSSL

/// What a connection's TLS came to, in one line.
enum TLSDetail {
    /// `TLSv1.3, TLS_AES_256_GCM_SHA384, certificate good for 312 days`; the last only where OpenSSL can be asked.
    static func of(_ connection: LibpqConnection) -> String {
        var words = ["protocol", "cipher"].compactMap(connection.tlsAttribute)
        var peer = copenssl_peer()
        if let tls = connection.tls, copenssl_look(tls, &peer) == 0 {
            let days = Int((Double(peer.not_after) - Date().timeIntervalSince1970) / 86_400)
            words.append("certificate good for \(days) \(days == 1 ? "day" : "days")")
        }
        return words.isEmpty ? "TLS is up" : words.joined(separator: ", ")
    }
}
