import TestSupport

/// An AWS set-up made by chance from everything that a profile may hold: files, environment, who is asked for.
///
/// Left out is what aws-cli v2 and botocore answer differently, see ``CredentialOracleTests``.
struct GeneratedIdentity {
    /// Names of profiles; the last one has to be quoted in the config file.
    static let profiles = ["default", "a", "b", "c", "with blank"]

    private(set) var config = ""
    private(set) var credentials = ""
    private(set) var environment: [String: String] = [:]
    /// Files below `~/.aws/sso/cache`, by the session's name or its address.
    private(set) var tokens: [String: String] = [:]
    let profile: String?
    private let index: Int
    private let places: Places

    /// What the set-up's values point to.
    struct Places {
        var server: String
        var process: String
        var webToken: String
    }

    init(_ index: Int, _ places: Places, _ dice: inout SeededDice) {
        self.index = index
        self.places = places
        profile = ["a", "a", "b", "with blank", nil].randomElement(using: &dice) ?? nil
        for name in Self.profiles where name == profile || Self.happens(3, in: 4, &dice) {
            let (first, second) = lines(of: name, &dice)
            let quoted = name.contains(" ") ? "\"\(name)\"" : name
            config += (name == "default" ? "[default]" : "[profile \(quoted)]") + "\n" + first
            if !second.isEmpty { credentials += "[\(name)]\n" + second }
        }
        sessions(&dice)
        variables(&dice)
    }

    private static func happens(_ times: Int, in all: Int, _ dice: inout SeededDice) -> Bool {
        Int.random(in: 0..<all, using: &dice) < times
    }

    // MARK: Profiles

    private func lines(of name: String, _ dice: inout SeededDice) -> (config: String, credentials: String) {
        var (config, credentials) = ("", "")
        if Self.happens(3, in: 4, &dice) { config += "region = eu-west-1\n" }
        let kinds = ["keys", "keys", "role", "role", "web", "sso", "sso", "old sso", "process"]
        // Mostly one kind; two at times, to see which one wins.
        for _ in 0..<(Self.happens(1, in: 4, &dice) ? 2 : 1) {
            let kind = kinds.randomElement(using: &dice) ?? "keys"
            // A key that stands twice in a section is one of the exceptions.
            let text = lines(of: kind, name, &dice).filter { line in
                !(config + credentials).contains("\(line.prefix { $0 != "=" })=")
            }.map { $0 + "\n" }.joined()
            if kind == "keys", Bool.random(using: &dice) { credentials += text } else { config += text }
        }
        return (config, credentials)
    }

    private func lines(of kind: String, _ name: String, _ dice: inout SeededDice) -> [String] {
        switch kind {
        case "keys": return keys(name, &dice)
        case "role": return role(&dice)
        case "web":
            return ["role_arn = arn:aws:iam::1:role/Web", "web_identity_token_file = \(places.webToken)"]
                + (Bool.random(using: &dice) ? ["role_session_name = jo"] : [])
        case "sso":
            return ["sso_session = corp\(index)", "sso_account_id = 111122223333"]
                + (Self.happens(9, in: 10, &dice) ? ["sso_role_name = DBA"] : [])
        case "old sso":
            return [
                "sso_start_url = https://old\(index).awsapps.com/start#/", "sso_region = eu-west-1",
                "sso_account_id = 1", "sso_role_name = Old",
            ]
        default: return ["credential_process = \(places.process) '\(name)' \(dice.word("abcdefx", 1...4))"]
        }
    }

    private func keys(_ name: String, _ dice: inout SeededDice) -> [String] {
        var keys = ["aws_access_key_id = AK\(name)", "aws_secret_access_key = s/\(name)"]
        if Bool.random(using: &dice) { keys.append("aws_session_token = t//+=") }
        // Half a key at times.
        return Self.happens(1, in: 12, &dice) ? Array(keys.dropFirst()) : keys
    }

    private func role(_ dice: inout SeededDice) -> [String] {
        var lines = ["role_arn = arn:aws:iam::1:role/R\(Int.random(in: 0..<3, using: &dice))"]
        let source = Self.profiles.randomElement(using: &dice) ?? "default"
        let place = ["Environment", "EcsContainer", "Ec2InstanceMetadata", "Moon"].randomElement(using: &dice)
        switch Int.random(in: 0..<20, using: &dice) {
        case 0: break
        case 1: lines += ["source_profile = \(source)", "credential_source = Environment"]
        case 2...5: lines.append("credential_source = \(place ?? "")")
        default: lines.append("source_profile = \(source)")
        }
        let more = [
            "external_id = e 1", "duration_seconds = 1800", "duration_seconds = soon",
            "role_session_name = jo",
            "mfa_serial = arn:aws:iam::1:mfa/jo",
        ]
        for line in more
        where Self.happens(1, in: 5, &dice) && !lines.contains(where: { $0.hasPrefix(line.prefix(8)) }) {
            lines.append(line)
        }
        return lines
    }

    // MARK: Sessions and the environment

    private mutating func sessions(_ dice: inout SeededDice) {
        guard config.contains("sso_") else { return }
        config += "[sso-session corp\(index)]\nsso_region = eu-west-1\n"
        config += "sso_start_url = https://corp.awsapps.com/start\n"
        for name in ["corp\(index)", "https://old\(index).awsapps.com/start#/"] {
            tokens[name] = Self.token(&dice)
        }
    }

    /// Good, about to end, ended; with and without the means to renew it; ended elsewhere; or none at all.
    private static func token(_ dice: inout SeededDice) -> String? {
        let end = ["2037-01-01T00:00:00Z", "2037-01-01T00:00:00UTC", "2020-01-01T00:00:00Z"].randomElement(
            using: &dice)
        let token = ["good", "good", "good", "ended"].randomElement(using: &dice) ?? ""
        var members =
            #""startUrl": "u", "region": "eu-west-1", "accessToken": "\#(token)", "expiresAt": "\#(end ?? "")""#
        if happens(2, in: 3, &dice) {
            let renewal = ["good", "dead"].randomElement(using: &dice) ?? ""
            let registration = happens(4, in: 5, &dice) ? 2037 : 2020
            members += #", "clientId": "i", "clientSecret": "c", "refreshToken": "\#(renewal)""#
            members += #", "registrationExpiresAt": "\#(registration)-01-01T00:00:00Z""#
        }
        return happens(7, in: 8, &dice) ? "{\(members)}" : nil
    }

    private mutating func variables(_ dice: inout SeededDice) {
        var sets: [[String: String]] = [
            ["AWS_ACCESS_KEY_ID": "AKENV", "AWS_SECRET_ACCESS_KEY": "senv"],
            ["AWS_SESSION_TOKEN": "tenv"], ["AWS_SECRET_ACCESS_KEY": "alone"], ["AWS_PROFILE": "b"],
            ["AWS_CONTAINER_CREDENTIALS_FULL_URI": "\(places.server)/container/\(index % 7)"],
            ["AWS_CONTAINER_AUTHORIZATION_TOKEN": "bearer"],
            ["AWS_WEB_IDENTITY_TOKEN_FILE": places.webToken, "AWS_ROLE_ARN": "arn:aws:iam::1:role/Pod"],
        ]
        // Keys beside half a key would say the same thing twice.
        if Bool.random(using: &dice) { sets.remove(at: 2) }
        for set in sets where Self.happens(1, in: 4, &dice) { environment.merge(set) { old, _ in old } }
        environment["AWS_DEFAULT_REGION"] = "eu-west-1"
        environment["AWS_EC2_METADATA_DISABLED"] = Bool.random(using: &dice) ? "true" : "false"
    }
}
