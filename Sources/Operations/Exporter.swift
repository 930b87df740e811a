#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
import Formats
import Profiles

/// Writes profiles for pgfob and for other programs; there is no secret to write.
package struct Exporter: Sendable {
    /// The formats' words, for the command line.
    package static let formats = ExportFormat.allCases.map(\.rawValue)

    private let bundle: CABundle
    private let tokenCommand: [String]

    package init(_ surroundings: Surroundings) {
        bundle = CABundle(folder: surroundings.caFolder)
        tokenCommand =
            [surroundings.program] + (surroundings.storeIsNamed ? ["--store", surroundings.storePath] : [])
            + ["token"]
    }

    /// - Parameter format: one of ``formats``; nil is what the file's name asks for, JSON without one.
    package func text(of profiles: [Profile], format: String?, path: String = "") -> String {
        let format = format.flatMap { ExportFormat(rawValue: $0) } ?? ExportFormat.named(path)
        return ProfileWriter(maker: Importer.maker(), tokenCommand: tokenCommand) { [bundle] profile in
            bundle.file(for: profile).flatMap { access($0, R_OK) == 0 ? $0 : nil }
        }.text(of: profiles, as: format)
    }
}
