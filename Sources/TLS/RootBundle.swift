#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import COpenSSL
import Diagnosis

/// A root certificate, as far as a bundle of them is judged by it.
package struct RootCertificate: Sendable, Hashable {
    /// Such as `Amazon RDS eu-west-1 Root CA RSA2048 G1`; the whole subject where it has no common name.
    package var name: String
    package var notBefore: Date
    package var notAfter: Date
    package var isAuthority: Bool
    /// It is its own issuer, and its signature is good.
    package var signsItself: Bool
    /// Where its PEM block lies in the bundle's bytes.
    package var place: Range<Int>
}

extension RootCertificate {
    /// Whether it calls itself a root of RDS's, as all do that AWS publishes: `Amazon RDS eu-west-1 Root CA RSA2048 G1`,
    /// `Amazon RDS Beta Root 2019 CA`.
    package var isOfRDS: Bool { name.hasPrefix("Amazon RDS ") && name.contains(" Root ") }
}

/// A PEM text of root certificates.
package struct RootBundle: Sendable {
    private let text: [UInt8]
    /// In the order of the text.
    package let roots: [RootCertificate]
    /// Blocks that are no certificates.
    package let unreadable: Int

    package init(_ text: [UInt8]) {
        self.text = text
        var roots: [RootCertificate] = []
        var unreadable = 0
        text.withUnsafeBytes { raw in
            let bytes = raw.bindMemory(to: CChar.self)
            guard let base = bytes.baseAddress else { return }
            var place = 0
            var root = copenssl_root()
            while true {
                let found = copenssl_next_root(base, bytes.count, &place, &root)
                if found == 0 { return }
                if found < 0 { unreadable += 1 } else { roots.append(RootCertificate(root)) }
            }
        }
        self.roots = roots
        self.unreadable = unreadable
    }

    /// The PEM text of some of its certificates.
    package func text(of chosen: [RootCertificate]) -> [UInt8] {
        chosen.flatMap { root in
            let block = text[root.place]
            return block.last == 0x0a ? Array(block) : Array(block) + [0x0a]
        }
    }
}

extension RootCertificate {
    init(_ root: copenssl_root) {
        let name = Self.text(root.common_name)
        self.init(
            name: name.isEmpty ? Self.text(root.subject) : name,
            notBefore: Date(timeIntervalSince1970: Double(root.not_before)),
            notAfter: Date(timeIntervalSince1970: Double(root.not_after)),
            isAuthority: root.is_authority == 1, signsItself: root.signs_itself == 1,
            place: Int(root.begin)..<Int(root.end))
    }

    /// A text in a C array, which Swift imports as a tuple.
    private static func text<Characters>(_ characters: Characters) -> String {
        withUnsafeBytes(of: characters) { raw in
            VisibleText.line(String(decoding: raw.prefix { $0 != 0 }, as: UTF8.self))
        }
    }
}
