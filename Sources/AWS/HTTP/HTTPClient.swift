#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import SigV4
import Synchronization
import TLS
import Workers

/// HTTP/1.1 over plain TCP and TLS, with connections that are kept for the next request to the same place.
package final class HTTPClient: HTTPTransport {
    /// How long an idle connection is kept.
    private static let idleTime: Duration = .seconds(30)
    /// So many are kept at most: after all regions were asked most are never wanted again.
    private static let idleLimit = 32

    private struct Place: Hashable {
        var scheme: HTTPAddress.Scheme
        var host: String
        var port: UInt16
        var proxy: HTTPAddress?
        var bundle: String?
    }

    /// A connection that one thread at a time has: it is taken out of the pool before it is used.
    private final class Idle: @unchecked Sendable {
        let stream: NetworkStream
        let since = ContinuousClock.now
        init(_ stream: NetworkStream) { self.stream = stream }
    }

    private let proxies: ProxySettings
    private let trust: TrustStore
    /// Of profiles that name a bundle of their own.
    private let otherTrust = Mutex<[String: TrustStore]>([:])
    /// The last one to be kept last.
    private let idle = Mutex<[(place: Place, connection: Idle)]>([])

    /// - Parameters:
    ///   - environment: for proxies.
    ///   - bundle: a PEM file of root certificates in place of the system's.
    package init(environment: EnvironmentValues, bundle: String?) {
        proxies = ProxySettings(environment)
        trust = TrustStore(bundle: bundle)
    }

    package func send(
        _ request: HTTPRequest, options: HTTPOptions, wait: Wait
    ) throws(HTTPFailure) -> HTTPResponse {
        let place = try place(of: request, options)
        if let kept = take(place) {
            // A server may close an idle connection at any time: what it has not begun to answer is asked anew.
            do throws(HTTPFailure) {
                return try exchange(request, over: kept, place, options, wait)
            } catch {
                guard case .stream(.closed, _) = error else { throw error }
            }
        }
        return try exchange(request, over: try connect(place, request, wait), place, options, wait)
    }

    private func place(of request: HTTPRequest, _ options: HTTPOptions) throws(HTTPFailure) -> Place {
        let address = request.address
        var proxy: HTTPAddress?
        if options.usesProxy {
            do throws(ProxySettings.Unusable) { proxy = try proxies.proxy(for: address) } catch {
                throw .proxy(error.text)
            }
        }
        return Place(
            scheme: address.scheme, host: address.host, port: address.port, proxy: proxy,
            bundle: options.bundle)
    }

    // MARK: Connections

    private func take(_ place: Place) -> NetworkStream? {
        idle.withLock { idle in
            Self.dropOld(&idle)
            while let at = idle.lastIndex(where: { $0.place == place }) {
                let stream = idle.remove(at: at).connection.stream
                if !stream.isStale { return stream }
            }
            return nil
        }
    }

    private func keep(_ stream: NetworkStream, _ place: Place) {
        let kept = Idle(stream)
        idle.withLock { idle in
            Self.dropOld(&idle)
            if idle.count >= Self.idleLimit { idle.removeFirst() }
            idle.append((place, kept))
        }
    }

    private static func dropOld(_ idle: inout [(place: Place, connection: Idle)]) {
        let now = ContinuousClock.now
        idle.removeAll { now - $0.connection.since >= idleTime }
    }

    private func connect(_ place: Place, _ request: HTTPRequest, _ wait: Wait) throws(HTTPFailure)
        -> NetworkStream
    {
        let first = place.proxy ?? request.address
        let shown = place.proxy.map { "the proxy \($0.hostHeader)" } ?? request.address.shown
        do throws(StreamFailure) {
            let stream = try NetworkStream(host: first.host, port: first.port, wait: wait)
            guard place.scheme == .https else { return stream }
            if let proxy = place.proxy { try tunnel(through: proxy, to: request.address, stream, wait) }
            try stream.startTLS(host: place.host, trust: trust(place.bundle), wait: wait)
            return stream
        } catch {
            if place.proxy != nil, case .closed(let text) = error { throw .proxy(text) }
            throw .stream(error, place: shown)
        }
    }

    private func trust(_ bundle: String?) -> TrustStore {
        guard let bundle else { return trust }
        return otherTrust.withLock { known in
            if let store = known[bundle] { return store }
            let store = TrustStore(bundle: bundle)
            known[bundle] = store
            return store
        }
    }

    /// RFC 9110, 9.3.6.
    private func tunnel(
        through proxy: HTTPAddress, to address: HTTPAddress, _ stream: NetworkStream, _ wait: Wait
    ) throws(StreamFailure) {
        let host = address.host.contains(":") ? "[\(address.host)]" : address.host
        let place = "\(host):\(address.port)"
        var head = "CONNECT \(place) HTTP/1.1\r\nHost: \(place)\r\n"
        for header in Self.authorization(proxy) { head += "\(header.name): \(header.value)\r\n" }
        try stream.send(Array((head + "\r\n").utf8), wait: wait)
        var answer: [UInt8] = []
        // Byte by byte: what comes behind the blank line is TLS's already.
        while !answer.suffix(4).elementsEqual("\r\n\r\n".utf8) {
            let byte = try stream.receive(atMost: 1, wait: wait)
            guard !byte.isEmpty, answer.count < 16_384 else {
                throw .closed(text: "the proxy \(proxy.hostHeader) closed the connection")
            }
            answer += byte
        }
        let line = String(decoding: answer.prefix { $0 != 0x0d }, as: UTF8.self)
        let words = line.split(separator: " ", maxSplits: 2)
        guard words.count >= 2, words[0].hasPrefix("HTTP/1."), words[1].hasPrefix("2") else {
            let said = words.dropFirst().joined(separator: " ").shown
            throw .closed(text: "the proxy \(proxy.hostHeader) refused to connect to \(place): \(said)")
        }
    }

    private static func authorization(_ proxy: HTTPAddress) -> [HTTPRequest.Header] {
        guard let information = proxy.userInformation else { return [] }
        let plain = PercentEncoding.decode(information) ?? information
        return [.init("Proxy-Authorization", "Basic \(Data(plain.utf8).base64EncodedString())")]
    }

    // MARK: One request

    private func exchange(
        _ request: HTTPRequest, over stream: NetworkStream, _ place: Place, _ options: HTTPOptions,
        _ wait: Wait
    ) throws(HTTPFailure) -> HTTPResponse {
        let shown = request.address.shown
        let absolute = place.proxy != nil && place.scheme == .http
        let extra = absolute ? place.proxy.map(Self.authorization) ?? [] : []
        var parser = HTTPResponseParser(method: request.method, bodyLimit: options.bodyLimit)
        func failed(_ failure: StreamFailure) -> HTTPFailure { .stream(failure, place: shown) }
        do throws(StreamFailure) {
            try stream.send(request.bytes(absolute: absolute, extra: extra), wait: wait)
        } catch { throw failed(error) }
        var rest: ArraySlice<UInt8> = []
        while !parser.isDone {
            // Nobody waits while bytes come: long lines between short chunks would go on for hours.
            if let end = wait.end { throw failed(end == .cancelled ? .cancelled : .timedOut) }
            let bytes: ArraySlice<UInt8>
            do throws(StreamFailure) { bytes = try stream.receive(atMost: 16_384, wait: wait) } catch {
                // What has been answered in part is not asked anew.
                guard parser.hasBegun, case .closed(let text) = error else { throw failed(error) }
                throw .malformed("the answer was cut off: \(text)", place: shown)
            }
            if bytes.isEmpty, !parser.hasBegun {
                throw failed(.closed(text: "the server closed the connection"))
            }
            do throws(HTTPResponseParser.Malformed) {
                if bytes.isEmpty { try parser.end() } else { rest = try parser.feed(bytes) }
            } catch { throw .malformed(error.text, place: shown) }
        }
        // What stands behind an answer would be taken for the next one.
        if parser.keepsAlive, rest.isEmpty { keep(stream, place) }
        return parser.response
    }
}
