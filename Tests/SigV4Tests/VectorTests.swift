#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import Secrets
import SigV4
import Testing

/// A whole token that botocore made with a frozen clock.
struct TokenVector: Decodable, Sendable, CustomTestStringConvertible {
    var name: String
    var kind: String
    var access_key_id: String
    var secret_access_key: String
    var session_token: String?
    var host: String
    var port: Int?
    var user: String?
    var region: String
    var timestamp: String
    var expires_in: Int
    var token: String
    var canonical_request: String
    var string_to_sign: String

    var testDescription: String { name }

    func presigner() throws -> Presigner {
        let kind: TokenRequest.Kind =
            switch self.kind {
            case "dsql": .dsql
            case "dsql-admin": .dsqlAdmin
            default: .rds(user: user ?? "")
            }
        let time = try #require(SigningTime(timestamp))
        return Presigner(
            request: TokenRequest(
                host: host, port: port ?? 0, kind: kind, region: region, expires: expires_in),
            accessKeyID: access_key_id, secretAccessKey: Secret(secret_access_key),
            sessionToken: session_token.map { Secret($0) }, time: time)
    }
}

struct HeaderVector: Decodable, Sendable, CustomTestStringConvertible {
    var name: String
    var service: String
    var region: String
    var url: String
    var body: String
    var session_token: String?
    var timestamp: String
    var canonical_request: String
    var authorization: String

    var testDescription: String { name }
    var host: String { url.split(separator: "/").dropFirst().first.map(String.init) ?? "" }
}

enum Vectors {
    private struct Tokens: Decodable { var vectors: [TokenVector] }
    private struct Headers: Decodable {
        var access_key_id: String
        var secret_access_key: String
        var vectors: [HeaderVector]
    }

    static let tokens: [TokenVector] = (try? decode(Tokens.self, "token_vectors.json"))?.vectors ?? []
    static let headers: [HeaderVector] =
        (try? decode(Headers.self, "sigv4_header_vectors.json"))?.vectors ?? []
    static let headerCredentials = SigningCredentials(
        accessKeyID: "AKIDEXAMPLE", secretAccessKey: Secret("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"))

    private static func decode<Value: Decodable>(_ type: Value.Type, _ file: String) throws -> Value {
        let folder = #filePath.split(separator: "/").dropLast().joined(separator: "/")
        let data = try Data(contentsOf: URL(filePath: "/\(folder)/Vectors/\(file)"))
        return try JSONDecoder().decode(type, from: data)
    }
}

struct VectorTests {
    @Test func `all vectors are there`() {
        #expect(Vectors.tokens.count == 21)
        #expect(Vectors.headers.count >= 4)
    }

    @Test(arguments: Vectors.tokens)
    func `a token is byte for byte what botocore makes`(vector: TokenVector) throws {
        let presigner = try vector.presigner()
        #expect(presigner.canonicalRequest == vector.canonical_request)
        #expect(presigner.stringToSign == vector.string_to_sign)
        #expect(presigner.presign().reveal() == vector.token)
    }

    @Test(arguments: Vectors.headers)
    func `a signed header is byte for byte what botocore makes`(vector: HeaderVector) throws {
        var credentials = Vectors.headerCredentials
        credentials.sessionToken = vector.session_token.map { Secret($0) }
        let signer = HeaderSigner(credentials: credentials, service: vector.service, region: vector.region)
        let headers = signer.headers(
            host: vector.host, body: vector.body, at: try #require(SigningTime(vector.timestamp)))
        #expect(
            signer.canonicalRequest(host: vector.host, body: vector.body, headers.dropLast())
                == vector.canonical_request)
        #expect(headers.last?.value == vector.authorization)
    }

    /// Signatures of botocore 1.43.11's SigV4Auth for the same POST, made with a frozen clock.
    @Test(
        arguments: [
            ("/", "/", "68158bdfc99c094e3435dd553fb0ebc5013598d2bc347b3b46b4225f799c9eab"),
            ("/aws/sts", "/aws/sts", "7e5d5ef0b28e7c91af419edd930ebb5683d0d279464bf31f1ed752eb41d34c77"),
            ("/aws/sts/", "/aws/sts/", "dcdbf6166594cfdeffac92403002d6b1e7f73106b50ce2b43ab11ce4006b2f0e"),
            ("/a//b/./c/../d", "/a/b/d", "48908566840bd1e46a3efa03a7793492b8d0f6cc56b672c87f6872befc9c3489"),
            (
                "/x~y/$z:w@q", "/x~y/%24z%3Aw%40q",
                "94cabfa06a6d70403e1ff51e34962d2975934e25aa7ff64f87f649d5e0b6ded7"
            ),
            ("/a%20b", "/a%2520b", nil),
        ] as [(String, String, String?)])
    func `the path of an endpoint's URL is signed as botocore signs it`(
        path: String, canonical: String, signature: String?
    ) throws {
        let signer = HeaderSigner(credentials: Vectors.headerCredentials, service: "sts", region: "eu-west-1")
        let headers = signer.headers(
            host: "gateway.example.com", path: path, body: "Action=GetCallerIdentity&Version=2011-06-15",
            at: try #require(SigningTime("20150830T123600Z")))
        let request = signer.canonicalRequest(
            host: "gateway.example.com", path: path, body: "", headers.dropLast())
        #expect(request.split(separator: "\n", omittingEmptySubsequences: false)[1] == canonical)
        if let signature { #expect(headers.last?.value.hasSuffix("Signature=\(signature)") == true) }
    }

    @Test(arguments: Vectors.tokens)
    func `a token tells whom it is for and until when`(vector: TokenVector) throws {
        let reading = try #require(AuthToken.read(Secret(vector.token)))
        #expect(reading.region == vector.region)
        #expect(reading.accessKeyID == vector.access_key_id)
        #expect(reading.time.text == vector.timestamp)
        #expect(reading.expires == vector.expires_in)
        #expect(reading.user == vector.user.flatMap { vector.kind == "rds" ? $0 : nil })
        #expect(reading.hasSessionToken == (vector.session_token != nil))
    }
}
