#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import Profiles
import Workers

/// The role of the EC2 instance that the program runs on, by version 2 of its metadata service
/// (Amazon EC2 User Guide, "Use the Instance Metadata Service").
struct InstanceProvider: CredentialProvider {
    let name = "instance metadata"

    private static let path = "/latest/meta-data/iam/security-credentials/"
    /// Credentials that the service serves although they have ended are used on for so long, in seconds: it is the
    /// service that is late then, not the role that has gone.
    private static let grace = 900.0

    func resolve(_ context: ProviderContext) -> ProviderAnswer {
        let environment = context.environment
        if environment["AWS_EC2_METADATA_DISABLED"]?.lowercased() == "true" {
            return .notConfigured("AWS_EC2_METADATA_DISABLED is set")
        }
        guard let base = address(context) else {
            return .broken(
                .config("AWS_EC2_METADATA_SERVICE_ENDPOINT is no address", do: "correct it, or unset it"))
        }
        guard !context.isOffline else { return .onUse(Prospect("instance metadata, asked on use")) }
        let seconds = Self.number(
            environment["AWS_METADATA_SERVICE_TIMEOUT"] ?? context.value("metadata_service_timeout"))
        let attempts = Self.number(
            environment["AWS_METADATA_SERVICE_NUM_ATTEMPTS"] ?? context.value("metadata_service_num_attempts")
        )
        var problem = "no answer"
        for _ in 0..<max(1, attempts)
        where context.wait.deadline > .now && !context.wait.cancellation.isCancelled {
            let limit = Wait(
                deadline: min(context.wait.deadline, .now + .seconds(seconds)),
                cancellation: context.wait.cancellation)
            do throws(Problem) {
                return try ask(base, context, limit)
            } catch {
                problem = error.text
            }
        }
        return .notConfigured(problem)
    }

    private struct Problem: Error {
        var text: String
        var isSilence = false
        var status = 0
    }

    private static func number(_ text: String?) -> Int {
        text.flatMap { Int($0) }.map { min(max($0, 1), 60) } ?? 1
    }

    private func address(_ context: ProviderContext) -> HTTPAddress? {
        if let text = context.environment["AWS_EC2_METADATA_SERVICE_ENDPOINT"]
            ?? context.value("ec2_metadata_service_endpoint")
        {
            return HTTPAddress(text)
        }
        let mode =
            context.environment["AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE"]
            ?? context.value("ec2_metadata_service_endpoint_mode")
        let host = mode?.lowercased() == "ipv6" ? "fd00:ec2::254" : "169.254.169.254"
        return HTTPAddress(scheme: .http, host: host)
    }

    private func ask(
        _ base: HTTPAddress, _ context: ProviderContext, _ wait: Wait
    ) throws(Problem) -> ProviderAnswer {
        let asked = HTTPRequest(
            "PUT", base.appending("/latest/api/token"),
            headers: [.init("x-aws-ec2-metadata-token-ttl-seconds", "21600")])
        let token: HTTPResponse
        do throws(Problem) { token = try send(asked, context, wait) } catch {
            // Its answer does not get as far as a container (Amazon EC2 User Guide, "hop limit").
            throw Problem(
                text: error.text
                    + (error.isSilence ? ": no instance of EC2, or a container behind a hop limit of 1" : ""))
        }
        let headers = [HTTPRequest.Header("x-aws-ec2-metadata-token", token.text.trimmingBlanks())]
        let list: String
        do throws(Problem) {
            list = try send(
                HTTPRequest("GET", base.appending(Self.path), headers: headers), context, wait
            ).text
        } catch {
            guard error.status == 404 else { throw error }
            list = ""
        }
        guard let role = list.split(whereSeparator: \.isNewline).first.map(String.init), !role.isEmpty
        else {
            throw Problem(text: "the instance at \(base.hostHeader.shown) has no role")
        }
        let answer = try send(
            HTTPRequest("GET", base.appending(Self.path + role), headers: headers), context, wait)
        let tree = JSONTree(answer.body)
        if let code = tree?["Code"]?.string, code != "Success" {
            return .broken(
                AWSFailure(
                    "aws-refused", "the instance's role \(role.shown) gives no credentials: \(code.shown)",
                    do: "check the role's trust policy for ec2.amazonaws.com"))
        }
        guard var credentials = MetadataCredentials.read(tree, provider: "instance role \(role.shown)") else {
            throw Problem(text: "\(base.hostHeader.shown) answered without credentials")
        }
        if let end = credentials.expiresAt, end <= context.now {
            credentials.expiresAt = context.now.addingTimeInterval(Self.grace)
        }
        return .credentials(credentials)
    }

    private func send(
        _ request: HTTPRequest, _ context: ProviderContext, _ wait: Wait
    ) throws(Problem) -> HTTPResponse {
        let response: HTTPResponse
        do throws(HTTPFailure) {
            response = try context.transport.send(
                request, options: HTTPOptions(bodyLimit: 1_000_000, usesProxy: false), wait: wait)
        } catch {
            throw Problem(text: error.text, isSilence: error.isTimeout)
        }
        guard response.status == 200 else {
            let failure = HTTPFailure.malformed("HTTP \(response.status)", place: request.address.shown)
            throw Problem(text: failure.text, status: response.status)
        }
        return response
    }
}
