import Profiles
import Testing

/// Names behind which a secret stands are found wherever they are and however they are written.
struct SecretNameTests {
    private static let names = [
        "x-amz-signature", "x-amz-security-token", "x-amz-credential", "password", "passwd",
        "aws_secret_access_key", "aws_session_token", "secretaccesskey", "sessiontoken",
    ]

    @Test(arguments: names)
    func `every name is found at the beginning, inside and at the end, in any case, among any letters`(
        _ name: String
    ) {
        let capital = String(name.enumerated().map { $0 % 2 == 0 ? Character($1.uppercased()) : $1 })
        for written in [name, name.uppercased(), capital] {
            for text in [
                "\(written)=hunter2secret", "x \(written)=hunter2secret&y=1",
                "pass sess x-amz \(written) = hunter2secret",
                "café: \(written)=hunter2secret", "pppp\(written)%3Dhunter2secret",
                "{\"\(written)\": \"hunter2secret\"}",
                "postgresql://jo@h/d?\(written)=hunter2secret", "\(written)=hunter2secret 会計",
            ] {
                #expect(!SecretText.redacted(text).contains("hunter2"), "\(text)")
            }
        }
    }

    @Test(arguments: [
        "paths: a=b, p@x: sss=ppp", "password", "the password: none", "postgresql:/jo:secret@h",
        "x-amz-signatur=1",
        "a:b@c", "=", "://", "pass=1 session=2 secret=3",
    ])
    func `what names no secret stays as it is`(_ text: String) {
        #expect(SecretText.redacted(text) == text)
    }
}
