/// The eight steps of a connection test, in the order in which they are taken and always listed.
/// Their names are fixed by the JSON of `pgfob test` (design/cli.md).
package enum Stage: String, Sendable, Hashable, CaseIterable, Comparable {
    case profile, aws, dns, tcp, tls, token, auth, session

    /// Its place, from 1 to 8.
    package var number: Int { (Self.allCases.firstIndex(of: self) ?? 0) + 1 }

    package static func < (left: Stage, right: Stage) -> Bool { left.number < right.number }
}
