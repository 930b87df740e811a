#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import Profiles
import Workers

/// Which logins are the same, so that one does for several programs: those of which ssh's configuration, as ssh itself
/// resolves it, and what else decides who logs in where, are equal.
struct SharedName {
    /// What ssh, and the programs by which it reaches a host, look for in the environment. No secret is among them: the
    /// name of a file shows something of what it was made of.
    private static let variables = [
        "HOME", "SSH_AUTH_SOCK", "SSH_SK_PROVIDER", "KRB5CCNAME", "KRB5_CONFIG", "AWS_PROFILE",
        "AWS_DEFAULT_PROFILE", "AWS_REGION", "AWS_DEFAULT_REGION", "AWS_CONFIG_FILE",
        "AWS_SHARED_CREDENTIALS_FILE", "AWS_ACCESS_KEY_ID",
    ]
    private static let patience: Duration = .seconds(10)
    /// Of so many hosts on the way at most the configuration is looked at; of more than that their names alone count.
    private static let hopLimit = 16

    private let ssh: String
    private let environment: [String: String]
    private let wait = Wait(deadline: .now + patience, cancellation: Cancellation())

    /// A word that equal logins have in common.
    ///
    /// - Returns: nil where ssh does not say how it would log in.
    static func of(_ destination: String, _ port: Int?, environment: [String: String]) -> String? {
        guard let ssh = ProgramFinder(environment: environment).program("ssh") else { return nil }
        let name = SharedName(ssh: ssh, environment: environment)
        let arguments = (port.map { ["-p", String($0)] } ?? []) + ["--", destination]
        guard let resolved = name.resolved(arguments) else { return nil }
        // A port that ssh listens at is one of the network that the program is in.
        let network = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/ns/net")
        let words = [ssh, network ?? ""] + variables.map { environment[$0] ?? "" }
        let hash = TextMark.of(resolved + name.way(from: resolved) + words.joined(separator: "\0").utf8)
        let digits = String(hash, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }

    /// What ssh makes of its configuration for a host (ssh(1), -G), a line each: the option and its value.
    ///
    /// - Returns: nil where it does not understand something.
    private func resolved(_ arguments: [String]) -> [UInt8]? {
        let asked = HelperProcess(arguments: [ssh, "-G"] + arguments, environment: environment).run(wait)
        guard case .ended(0, let resolved, _) = asked else { return nil }
        return resolved
    }

    /// The same for each host on the way to one: ssh says how such a host is named, and not where it is, or who logs in
    /// there. One that ssh cannot resolve it will complain of itself.
    private func way(from first: [UInt8]) -> [UInt8] {
        var (found, waiting): ([UInt8], [[String]]) = ([], Self.hops(first))
        var seen: Set<[String]> = []
        while !waiting.isEmpty, seen.count < Self.hopLimit {
            let hop = waiting.removeFirst()
            guard seen.insert(hop).inserted, let resolved = resolved(hop) else { continue }
            found += resolved
            waiting += Self.hops(resolved)
        }
        return found
    }

    /// The hosts that the way to a host names, as ssh's arguments: ProxyJump does, and so does a ProxyCommand that is an
    /// ssh itself.
    private static func hops(_ resolved: [UInt8]) -> [[String]] {
        var options: [String: String] = [:]
        for line in resolved.split(separator: 0x0a) {
            let words = String(decoding: line, as: UTF8.self).split(separator: " ", maxSplits: 1)
            if words.count == 2 { options[String(words[0])] = String(words[1]) }
        }
        if let jumps = options["proxyjump"], jumps != "none" {
            return jumps.split(separator: ",").map { jump(String($0)) }
        }
        return options["proxycommand"].flatMap { command(in: $0, options) }.map { [$0] } ?? []
    }

    /// `[ssh://][USER@]HOST[:PORT]`, the host in brackets where it holds colons (ssh_config(5), ProxyJump).
    private static func jump(_ text: String) -> [String] {
        var (host, arguments) = (text[...], [String]())
        if host.hasPrefix("ssh://") { host = host.dropFirst(6) }
        if let at = host.lastIndex(of: "@") {
            arguments += ["-l", String(host[..<at])]
            host = host[at...].dropFirst()
        }
        if let colon = host.lastIndex(of: ":"), host.hasPrefix("[") ? host[..<colon].hasSuffix("]") : true {
            arguments += ["-p", String(host[colon...].dropFirst())]
            host = host[..<colon]
        }
        if host.hasPrefix("["), host.hasSuffix("]") { host = host.dropFirst().dropLast() }
        return arguments + ["--", String(host)]
    }

    /// The arguments of an ssh that a ProxyCommand is; nil where it is something else, or a shell would have to read it.
    private static func command(in text: String, _ options: [String: String]) -> [String]? {
        var words = text.split(separator: " ").map(String.init)
        if words.first == "exec" { words.removeFirst() }
        guard words.first?.split(separator: "/").last == "ssh",
            !text.contains(where: { "\"'\\$`;&|<>(){}*?[]~#".contains($0) })
        else { return nil }
        let values = [("%h", "hostname"), ("%n", "host"), ("%p", "port"), ("%r", "user")]
        return words.dropFirst().map { word in
            values.reduce(word) { $0.replacing($1.0, with: options[$1.1] ?? "") }
        }
    }
}
