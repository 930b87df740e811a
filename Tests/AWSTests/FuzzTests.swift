#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import AWS
import Profiles
import TestSupport
import Testing

/// What other programs have written, spoilt: an answer or an error comes, never a trap, and no secret in the error.
@Suite(.timeLimit(.minutes(14)))
struct FuzzTests {
    private static let texts = [
        #"{"a": [1, -2.5e3, true, null, "x\u00e9\ud83e\udd8a\n"], "b": {"c": {}}}"#,
        "2026-11-24T18:16:00Z", "2026-11-24T18:16:00.123456+02:00", "Tue, 24 Nov 2026 18:16:00 GMT",
        "https://user:p%40ss@[fe80::1]:8443/a/b?c=d#e",
        "[profile \"a b\"]\nregion = eu-west-1\ns3 =\n  x = 1\n",
        "<A xmlns='x'><B>1</B><C><member>&lt;2&gt;</member></C></A>",
    ]

    @Test func `every reader of texts survives what is almost one`() {
        var dice = SeededDice(seed: 99)
        for _ in 0..<Fuzzing.rounds(20_000) {
            let bytes = Fuzzing.mutated(Array((Self.texts.randomElement(using: &dice) ?? "").utf8), &dice)
            let text = String(decoding: bytes, as: UTF8.self)
            if let tree = JSONTree(bytes) { #expect(tree == JSONTree(bytes)) }
            _ = Timestamp.parse(text)
            _ = HTTPDate.parse(text)
            _ = HTTPAddress(text)
            _ = SharedFile(bytes)
            _ = try? XMLNode.read(bytes)
        }
    }

    @Test func `a nest of a million brackets is refused, not followed`() {
        for opening in ["[", "{\"a\":", "[{\"a\":"] {
            #expect(JSONTree(Array(String(repeating: opening, count: 1_000_000).utf8)) == nil)
        }
    }

    @Test func `spoilt caches, files and helpers end in a clear answer`() throws {
        var dice = SeededDice(seed: 1_234)
        let (folder, token) = try AWSFolder.sso(
            token: "planted-token", ends: 3600, refresh: "planted-refresh")
        let cached = try #require(folder.folder.read(token))
        let config = try #require(folder.folder.read(".aws/config"))
        let helper =
            #"{"Version": 1, "AccessKeyId": "AK", "SecretAccessKey": "planted-key", "Expiration": "2037-01-01T00:00:00Z"}"#
        try folder.folder.write("#!/bin/sh\ncat \"$HOME/answer\"\n", to: "helper", mode: 0o700)
        let process = "\n[profile process]\ncredential_process = \(folder.folder.file("helper"))\n"
        // Nothing is called: what would be goes to a port where nobody listens.
        let chain = CredentialChain(
            environment: folder.environment([
                "PATH": "/usr/bin:/bin", "AWS_ENDPOINT_URL": "http://127.0.0.1:1",
            ]))
        for round in 0..<Fuzzing.rounds(200) {
            func spoilt(_ text: String, _ turn: Int) -> String {
                round % 3 == turn
                    ? String(decoding: Fuzzing.mutated(Array(text.utf8), &dice), as: UTF8.self) : text
            }
            try folder.folder.write(spoilt(cached, 0), to: token)
            try folder.folder.write(spoilt(config + process, 1), to: ".aws/config")
            try folder.folder.write(spoilt(helper, 2), to: "answer")
            for profile in ["sso", "process", "over"] {
                let report = chain.report(ProviderTrial.request(profile, seconds: 5))
                guard case .failed(let failure) = report.outcome else { continue }
                #expect(
                    !failure.message.isEmpty && !failure.whatToDo.isEmpty && failure.code.hasPrefix("aws-"))
                let said = "\(failure)\(report.reasons)"
                #expect(!said.contains("planted"), "\(said)")
            }
        }
    }
}
