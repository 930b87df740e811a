#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import AWS
import Profiles
import TestSupport

extension AWSFolder {
    static let ssoConfig = """
        [profile sso]
        sso_session = corp
        sso_account_id = 111122223333
        sso_role_name = DBA
        [sso-session corp]
        sso_start_url = https://corp.awsapps.com/start
        sso_region = eu-west-1
        sso_registration_scopes = sso:account:access
        [profile old]
        sso_start_url = https://old.awsapps.com/start#/
        sso_region = eu-west-1
        sso_account_id = 111122223333
        sso_role_name = DBA
        [profile forbidden]
        sso_session = corp
        sso_account_id = 1
        sso_role_name = Forbidden
        [profile over]
        role_arn = arn:aws:iam::1:role/R
        source_profile = sso
        """

    static func sso(
        token: String, ends: Double, refresh: String? = nil, session: String = "corp",
        registration: Double = 86_400
    ) throws -> (AWSFolder, String) {
        let folder = try AWSFolder(config: ssoConfig)
        let end = Date().addingTimeInterval(ends)
        var members = #""startUrl": "u", "region": "eu-west-1", "accessToken": "\#(token)", "#
        members += #""expiresAt": "\#(Timestamp.rfc3339(end).dropLast())UTC", "other": {"kept": [1, true]}"#
        if let refresh {
            members += #", "clientId": "id", "clientSecret": "cs", "refreshToken": "\#(refresh)", "#
            members +=
                #""registrationExpiresAt": "\#(Timestamp.rfc3339(Date().addingTimeInterval(registration)))""#
        }
        let digest = try ProgramRun("/usr/bin/sha1sum", [], environment: [:], input: session).output.prefix(
            40)
        let name = ".aws/sso/cache/\(digest).json"
        try folder.folder.write("{\(members)}", to: name)
        // What lies beside it must not be taken for a token.
        try folder.folder.write(
            #"{"clientId": "registration", "clientSecret": "x"}"#, to: ".aws/sso/cache/0.json")
        return (folder, name)
    }
}
