#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import COpenSSL

/// What a connection's TLS came to.
struct TLSDetail {
    /// `TLSv1.3, TLS_AES_256_GCM_SHA384, certificate good for 312 days, for orders.cluster-… and 2 more, chain of 2,
    /// root Amazon RDS eu-west-1 Root CA RSA2048 G1`; only the first two where OpenSSL cannot be asked.
    let line: String
    /// The names in the server's certificate.
    private(set) var names: [String] = []

    init(_ connection: LibpqConnection) {
        var words = ["protocol", "cipher"].compactMap(connection.tlsAttribute)
        var peer = copenssl_peer()
        if let tls = connection.tls, copenssl_look(tls, &peer) == 0 {
            let days = Int((Double(peer.not_after) - Date().timeIntervalSince1970) / 86_400)
            words.append("certificate good for \(days) \(days == 1 ? "day" : "days")")
            names = ServerText.line(of: peer.names).split(separator: " ").map(String.init)
            if let first = names.first {
                words.append("for \(first)\(names.count > 1 ? " and \(names.count - 1) more" : "")")
            }
            words.append("chain of \(peer.chain_length)")
            let root = ServerText.line(of: peer.root)
            if !root.isEmpty { words.append("root \(root)") }
        }
        line = words.isEmpty ? "TLS is up" : words.joined(separator: ", ")
    }
}
