#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
import Profiles
import SigV4
import Workers

/// Calls AWS's services: finds the endpoint, signs, and asks again where that may help.
package struct ServiceCaller: Sendable {
    let transport: any HTTPTransport
    let endpoints: EndpointResolver
    let skew: ClockSkew
    let wait: Wait
    /// The profile's own root certificates, unless the environment names some.
    let bundle: String?
    /// How often one call is sent at most.
    var attempts = 3

    /// A call of the AWS Query protocol: a form in, XML out.
    ///
    /// - Parameters:
    ///   - credentials: nil leaves the call unsigned.
    ///   - region: what is called; nil is STS's global endpoint, which is signed for as `us-east-1`.
    /// - Returns: the element `ACTIONResult`.
    /// - Throws: ``ServiceFailure``.
    package func query(
        _ service: AWSService, _ action: String, version: String, parameters: [(String, String)],
        credentials: SigningCredentials?, region: Region?, bodyLimit: Int = 4_000_000
    ) throws(ServiceFailure) -> XMLNode {
        let address = try endpoint(of: service, region: region).appending("/")
        let fields = [("Action", action), ("Version", version)] + parameters
        let body = fields.map { "\($0.0)=\(PercentEncoding.encode($0.1))" }.joined(separator: "&")
        let response = try sent(bodyLimit: bodyLimit) {
            var headers = [(name: "Content-Type", value: "application/x-www-form-urlencoded; charset=utf-8")]
            if let credentials {
                let signer = HeaderSigner(
                    credentials: credentials, service: service.rawValue,
                    region: region?.rawValue ?? "us-east-1")
                headers = signer.headers(
                    host: address.hostHeader, path: address.path, body: body,
                    at: skew.signingTime(at: Date()))
            }
            return HTTPRequest(
                "POST", address, headers: headers.map { .init($0.name, $0.value) } + [Self.accept],
                body: Array(body.utf8))
        } failure: {
            Self.queryFailure($0)
        }
        do throws(XMLNode.Malformed) {
            let root = try XMLNode.read(response.body)
            // EC2's answers have no element around what they answer.
            guard let result = root["\(action)Result"] ?? (service == .ec2 ? root : nil) else {
                throw XMLNode.Malformed(text: "the answer holds no \(action)Result")
            }
            return result
        } catch {
            throw ServiceFailure(
                code: "", message: "\(address.shown): \(error.text)", status: response.status)
        }
    }

    /// A call with JSON in and out, unsigned: what Identity Center's endpoints take.
    ///
    /// - Throws: ``ServiceFailure``.
    package func json(
        _ method: String, _ service: AWSService, _ path: String, headers: [HTTPRequest.Header] = [],
        body: JSONText? = nil, region: Region
    ) throws(ServiceFailure) -> JSONTree {
        let address = try endpoint(of: service, region: region).appending(path)
        let response = try sent(bodyLimit: 4_000_000) {
            var headers = headers + [.init("Accept", "application/json")]
            if body != nil { headers.append(.init("Content-Type", "application/json")) }
            return HTTPRequest(method, address, headers: headers, body: Array((body?.text ?? "").utf8))
        } failure: {
            Self.jsonFailure($0)
        }
        guard let tree = JSONTree(response.body) else {
            throw ServiceFailure(
                code: "", message: "\(address.shown): the answer is no JSON", status: response.status)
        }
        return tree
    }

    // MARK: Sending

    private static let accept = HTTPRequest.Header("Accept", "text/xml")

    private func endpoint(of service: AWSService, region: Region?) throws(ServiceFailure) -> HTTPAddress {
        do throws(EndpointResolver.Unusable) {
            return try endpoints.endpoint(of: service, region: region)
        } catch {
            throw ServiceFailure(code: ServiceFailure.endpointCode, message: error.text, status: 0)
        }
    }

    private func sent(
        bodyLimit: Int, _ request: () -> HTTPRequest, failure: (HTTPResponse) -> ServiceFailure
    ) throws(ServiceFailure) -> HTTPResponse {
        var attempt = 1
        var options = HTTPOptions(bodyLimit: bodyLimit)
        options.bundle = bundle
        while true {
            var problem: ServiceFailure
            let correction = skew.correction
            do throws(HTTPFailure) {
                let before = Date()
                let response = try transport.send(request(), options: options, wait: wait)
                if let date = response.date { skew.measure(date, sent: before, received: Date()) }
                if response.succeeded { return response }
                problem = failure(response)
            } catch {
                throw ServiceFailure(error)
            }
            if problem.isAboutTime, let seconds = skew.seconds, abs(seconds) >= ClockSkew.noticeable {
                // Only this answer has told the time: it is signed for once more.
                if skew.correction != correction, attempt < attempts {
                    attempt += 1
                    continue
                }
                let way = seconds > 0 ? "behind" : "ahead of"
                problem.isClock = true
                problem.message += " (this machine's clock is \(Int(abs(seconds).rounded())) s \(way) AWS's)"
            }
            guard problem.isTransient, attempt < attempts, pause(before: attempt) else { throw problem }
            attempt += 1
        }
    }

    /// Full jitter (AWS Architecture Blog, "Exponential Backoff And Jitter"): those that were turned away together
    /// do not come back together.
    ///
    /// - Returns: false where the deadline or a cancellation came first.
    private func pause(before attempt: Int) -> Bool {
        let longest = min(10_000, 200.0 * Double(1 << attempt))
        let nap = Duration.milliseconds(Double.random(in: 50...longest))
        let end = min(wait.deadline, ContinuousClock.now + nap)
        var nothing: [pollfd] = []
        let outcome = Wait(deadline: end, cancellation: wait.cancellation).until(&nothing)
        return outcome == .timedOut && end < wait.deadline
    }

    // MARK: Errors

    private static func queryFailure(_ response: HTTPResponse) -> ServiceFailure {
        let root = try? XMLNode.read(response.body)
        let error = root?["Error"] ?? root?["Errors"]?["Error"]
        let code = error?.text("Code") ?? ""
        let words = error?.text("Message") ?? ""
        return worded(code, words, response)
    }

    private static func jsonFailure(_ response: HTTPResponse) -> ServiceFailure {
        let tree = JSONTree(response.body)
        // OAuth's endpoint names the error `error`, the portal `__type` in the body or in a header.
        let type = tree?["error"]?.string ?? tree?["__type"]?.string ?? response["x-amzn-errortype"] ?? ""
        let code = type.split(separator: "#").last.map(String.init)?.split(separator: ":").first.map(
            String.init)
        let words = tree?["error_description"]?.string ?? tree?["message"]?.string ?? tree?["Message"]?.string
        return worded(code ?? "", words ?? "", response)
    }

    private static func worded(_ code: String, _ words: String, _ response: HTTPResponse) -> ServiceFailure {
        var message = code.isEmpty ? "HTTP \(response.status)" : code.shown
        // What to do follows behind a colon.
        let words = words.hasSuffix(".") ? String(words.dropLast()) : words
        if !words.isEmpty { message += ": \(words.shown(atMost: 400))" }
        return ServiceFailure(code: code, message: message, status: response.status)
    }
}
