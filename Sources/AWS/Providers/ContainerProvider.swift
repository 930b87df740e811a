#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import Profiles
import Workers

/// The credentials of a container: those of an ECS task, or of EKS Pod Identity
/// (AWS SDKs and Tools Reference Guide, "Container credential provider").
struct ContainerProvider: CredentialProvider {
    let name = "container"

    private static let attempts = 3
    private static let attemptTime: Duration = .seconds(2)
    /// ECS's own address, and those of Pod Identity.
    private static let relativeHost = "169.254.170.2"
    private static let allowedHosts: Set<String> = [
        relativeHost, "169.254.170.23", "fd00:ec2::23", "localhost",
    ]

    func resolve(_ context: ProviderContext) -> ProviderAnswer {
        let environment = context.environment
        let text: String
        if let relative = environment["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"] {
            text = "http://\(Self.relativeHost)\(relative)"
        } else if let full = environment["AWS_CONTAINER_CREDENTIALS_FULL_URI"] {
            text = full
        } else {
            return .notConfigured("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI and _FULL_URI are not set")
        }
        guard let address = HTTPAddress(text) else {
            return .broken(
                .config("AWS_CONTAINER_CREDENTIALS_*_URI is no address", do: "correct it, or unset it"))
        }
        guard
            address.scheme == .https || HostName(address.host).kind == .loopback
                || Self.allowedHosts.contains(address.host)
        else {
            return .broken(
                .config(
                    "credentials are not asked for at \(address.host.shown) without TLS",
                    do:
                        "use https, a loopback address or one of \(Self.allowedHosts.sorted().joined(separator: ", "))"
                ))
        }
        guard !context.isOffline else { return .onUse(Prospect("container, asked on use")) }
        do throws(AWSFailure) {
            return .credentials(try ask(address, try authorization(environment), context))
        } catch {
            return .broken(error)
        }
    }

    /// The file is read at every renewal; its content stands in the header as it is.
    private func authorization(_ environment: EnvironmentValues) throws(AWSFailure) -> [HTTPRequest.Header] {
        let value: String
        if let path = environment["AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"] {
            guard let bytes = SmallFile.read(path, limit: 65_536) else {
                throw .config(
                    "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE \(path.shown) cannot be read",
                    do: "check the file")
            }
            value = String(decoding: bytes, as: UTF8.self).trimmingBlanks()
        } else if let token = environment["AWS_CONTAINER_AUTHORIZATION_TOKEN"] {
            value = token
        } else {
            return []
        }
        guard value.unicodeScalars.allSatisfy({ $0.value >= 0x20 && $0.value != 0x7f }) else {
            throw .config("the container's authorization token has a line break", do: "write it on one line")
        }
        return [.init("Authorization", value)]
    }

    private func ask(
        _ address: HTTPAddress, _ headers: [HTTPRequest.Header], _ context: ProviderContext
    ) throws(AWSFailure) -> Credentials {
        let request = HTTPRequest("GET", address, headers: [.init("Accept", "application/json")] + headers)
        var problem = "no answer"
        for _ in 0..<Self.attempts
        where context.wait.deadline > .now && !context.wait.cancellation.isCancelled {
            let wait = Wait(
                deadline: min(context.wait.deadline, .now + Self.attemptTime),
                cancellation: context.wait.cancellation)
            do throws(HTTPFailure) {
                let response = try context.transport.send(
                    request, options: HTTPOptions(bodyLimit: 1_000_000, usesProxy: false), wait: wait)
                if response.status == 200 {
                    if let credentials = MetadataCredentials.read(
                        JSONTree(response.body), provider: "container")
                    {
                        return credentials
                    }
                    problem = "the answer holds no credentials"
                } else {
                    problem = "HTTP \(response.status)"
                    if (400..<500).contains(response.status), response.status != 429 { break }
                }
            } catch {
                problem = error.text
            }
        }
        throw AWSFailure(
            "aws-refused", "the container's endpoint \(address.shown) gave no credentials: \(problem)",
            do: "check the task's or pod's role, and what the agent says")
    }
}
