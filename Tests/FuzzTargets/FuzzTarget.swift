import AWS
import Formats
import Postgres
import Profiles
import Proxy
import Settings
import TOML

/// A reader of what others have written, to be fed with any bytes: it answers or refuses, and what it answers holds
/// what is promised of it. libFuzzer feeds it in the long run (Tests/fuzz), the usual run what that has found.
package enum FuzzTarget: String, Sendable, CaseIterable {
    // Files of profiles, whole, as `pgfob import` reads them.
    case json, service, uri, psql, pgpass, pgadmin, dbeaver, datagrip, pgcli, csv
    /// A file of which nothing says what it is.
    case unnamed
    // What is pasted, typed or edited.
    case pasted, conninfo, filter, toml, tunnel
    // pgfob's own files.
    case settings, theme
    // What AWS, its files and its services say.
    case sharedconfig, jsontree, xml, http, address
    /// What a client of the proxy says first.
    case startup

    /// A promise that an input has broken.
    package struct Broken: Error, Sendable, Hashable {
        package var what: String
    }

    /// Reads an input.
    ///
    /// - Throws: ``Broken``.
    package func take(_ bytes: [UInt8]) throws(Broken) {
        if let format = ImportFormat(rawValue: rawValue) {
            return try FileTargets.take(bytes, as: format)
        }
        switch self {
        case .unnamed: try FileTargets.take(bytes, as: nil)
        case .pasted: try TextTargets.pasted(Self.text(bytes))
        case .conninfo: try TextTargets.conninfo(Self.text(bytes))
        case .filter: try TextTargets.filter(Self.text(bytes))
        case .toml: try TextTargets.edited(Self.text(bytes))
        case .tunnel: _ = try? TunnelDefinition(Self.text(bytes))
        case .settings:
            guard let file = try? TOMLFile(text: Self.text(bytes), path: "config.toml") else { return }
            _ = Settings.read(file, groupings: ["cluster"], columns: ["name"])
        case .theme:
            guard let file = try? TOMLFile(text: Self.text(bytes), path: "x.toml") else { return }
            _ = try? ThemeFile.read(file, name: "x")
        case .sharedconfig: CloudTargets.sharedConfig(bytes)
        case .jsontree: try CloudTargets.tree(bytes)
        case .xml: try CloudTargets.xml(bytes)
        case .http: try CloudTargets.http(bytes)
        case .address: CloudTargets.address(Self.text(bytes))
        default: _ = try? StartupPacket(bytes)
        }
    }

    private static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

    static func check(_ holds: Bool, _ what: @autoclosure () -> String) throws(Broken) {
        if !holds { throw Broken(what: what()) }
    }
}
