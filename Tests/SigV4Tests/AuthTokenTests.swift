import Secrets
import SigV4
import TestSupport
import Testing

struct AuthTokenTests {
    private static let host = "orders.cluster-c9akciq32rgn.eu-west-1.rds.amazonaws.com"
    private static let request = TokenRequest(
        host: host, port: 5432, kind: .rds(user: "app user"), region: "eu-west-1")
    private static let time = SigningTime(seconds: 1_790_000_000)
    private static func credentials(session: String? = nil) -> SigningCredentials {
        SigningCredentials(
            accessKeyID: "AKIDEXAMPLE", secretAccessKey: Secret("planted-secret-key"),
            sessionToken: session.map { Secret($0) })
    }

    @Test func `an empty session token counts for none`() {
        let without = AuthToken.presign(Self.request, credentials: Self.credentials(), at: Self.time)
        let empty = AuthToken.presign(Self.request, credentials: Self.credentials(session: ""), at: Self.time)
        #expect(without == empty)
        #expect(AuthToken.read(empty.text)?.hasSessionToken == false)
    }

    @Test func `the signature covers all that the token says`() {
        let base = AuthToken.presign(Self.request, credentials: Self.credentials(session: "s"), at: Self.time)
        var changed = [TokenRequest](repeating: Self.request, count: 5)
        changed[0].host = "b" + Self.host
        changed[1].port = 5433
        changed[2].kind = .rds(user: "app_user")
        changed[3].region = "eu-west-2"
        changed[4].expires = 899
        var tokens = changed.map {
            AuthToken.presign($0, credentials: Self.credentials(session: "s"), at: Self.time)
        }
        tokens.append(
            AuthToken.presign(Self.request, credentials: Self.credentials(session: "t"), at: Self.time))
        tokens.append(
            AuthToken.presign(
                Self.request, credentials: Self.credentials(session: "s"),
                at: SigningTime(seconds: Self.time.seconds + 1)))
        tokens.append(base)
        let signatures = tokens.compactMap { $0.text.reveal().split(separator: "X-Amz-Signature=").last }
        #expect(Set(signatures).count == tokens.count)
    }

    @Test func `the case of the host changes the text and not the signature`() {
        var shouting = Self.request
        shouting.host = Self.host.uppercased()
        let quiet = AuthToken.presign(Self.request, credentials: Self.credentials(), at: Self.time).text
            .reveal()
        let loud = AuthToken.presign(shouting, credentials: Self.credentials(), at: Self.time).text.reveal()
        #expect(loud.hasPrefix(shouting.host))
        #expect(loud.suffix(64) == quiet.suffix(64))
    }

    @Test func `a token is read back whole`() throws {
        let token = AuthToken.presign(
            Self.request, credentials: Self.credentials(session: "a/b+c="), at: Self.time)
        let reading = try #require(AuthToken.read(token.text))
        #expect(reading.host == Self.host)
        #expect(reading.port == 5432)
        #expect(reading.user == "app user")
        #expect(reading.action == "connect")
        #expect(reading.service == "rds-db")
        #expect(reading.accessKeyID == "AKIDEXAMPLE")
        #expect(reading.end == Self.time.seconds + 900)
        #expect(reading.hasSessionToken)
    }

    @Test func `reading any piece of a token neither crashes nor invents one`() {
        let text = AuthToken.presign(Self.request, credentials: Self.credentials(session: "s"), at: Self.time)
            .text.reveal()
        for count in 0..<(text.utf8.count - 64) {
            #expect(AuthToken.read(Secret(String(text.prefix(count)))) == nil)
        }
        var dice = SeededDice(seed: 7)
        for _ in 0..<500 {
            var bytes = Array(text.utf8)
            for _ in 0..<3 {
                bytes[Int.random(in: 0..<bytes.count, using: &dice)] = UInt8.random(in: 0...255, using: &dice)
            }
            if let reading = AuthToken.read(Secret(String(decoding: bytes, as: UTF8.self))) {
                #expect(reading.end >= reading.time.seconds)
            }
        }
    }

    @Test(arguments: ["9223372036854775807", "-1", "1e9", ""])
    func `a life that is no number of seconds is no token`(expires: String) {
        let text = AuthToken.presign(Self.request, credentials: Self.credentials(), at: Self.time).text
            .reveal()
        let parts = text.split(separator: "X-Amz-Expires=900")
        #expect(AuthToken.read(Secret("\(parts[0])X-Amz-Expires=\(expires)\(parts[1])")) == nil)
    }

    @Test func `neither credentials nor token nor signer print a secret`() {
        let credentials = Self.credentials(session: "planted-session-token")
        let token = AuthToken.presign(Self.request, credentials: credentials, at: Self.time)
        let presigner = Presigner(
            request: Self.request, accessKeyID: "AKIDEXAMPLE", secretAccessKey: credentials.secretAccessKey,
            sessionToken: credentials.sessionToken, time: Self.time)
        var dumped = "\(credentials) \(token) \(presigner)"
        dump(credentials, to: &dumped)
        dump(token, to: &dumped)
        dump(presigner, to: &dumped)
        dump(HeaderSigner(credentials: credentials, service: "sts", region: "eu-west-1"), to: &dumped)
        #expect(!dumped.contains("planted"))
        #expect(!dumped.contains("X-Amz-Signature"))
    }
}
