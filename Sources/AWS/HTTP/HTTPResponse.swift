#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// One answer. Its body may hold secrets, so it prints as its status alone.
package struct HTTPResponse: Sendable {
    package var status: Int
    /// In the order of the wire; names lower-cased.
    package var headers: [HTTPRequest.Header]
    package var body: [UInt8]

    package init(status: Int, headers: [HTTPRequest.Header] = [], body: [UInt8] = []) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// The first header of a name, which is given in small letters.
    package subscript(header: String) -> String? { headers.first { $0.name == header }?.value }

    package var text: String { String(decoding: body, as: UTF8.self) }

    package var succeeded: Bool { (200..<300).contains(status) }

    /// The server's clock.
    package var date: Date? { self["date"].flatMap(HTTPDate.parse) }
}

extension HTTPResponse: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { "HTTP \(status), \(body.count) bytes" }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: []) }
}
