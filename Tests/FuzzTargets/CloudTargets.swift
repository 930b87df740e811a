import AWS
import Profiles

/// What AWS's files and services say.
enum CloudTargets {
    static func sharedConfig(_ bytes: [UInt8]) {
        let file = SharedFile(bytes)
        let config = SharedConfig(
            configPath: "config", credentialsPath: "credentials", config: file, credentials: file)
        for name in config.profileNames.prefix(8) {
            _ = config.value("region", profile: name)
            _ = config.ssoSession(name)
        }
    }

    static func tree(_ bytes: [UInt8]) throws(FuzzTarget.Broken) {
        let tree = JSONTree(bytes)
        try FuzzTarget.check(tree == JSONTree(bytes), "the same bytes make two trees")
        let text = String(decoding: bytes, as: UTF8.self)
        _ = Timestamp.parse(text)
        _ = HTTPDate.parse(text)
    }

    static func xml(_ bytes: [UInt8]) throws(FuzzTarget.Broken) {
        let root: XMLNode
        do throws(XMLNode.Malformed) { root = try XMLNode.read(bytes) } catch {
            return try FuzzTarget.check(!error.text.isEmpty, "is refused without a word")
        }
        try FuzzTarget.check(!root.name.isEmpty, "the root has no name")
        _ = (root.text("Error", "Code"), root.list("DBClusters").count)
    }

    /// However an answer is cut, it is the same answer.
    static func http(_ bytes: [UInt8]) throws(FuzzTarget.Broken) {
        var (whole, cut) = (
            HTTPResponseParser(method: "GET", bodyLimit: 4096),
            HTTPResponseParser(method: "GET", bodyLimit: 4096)
        )
        let atOnce = (try? whole.feed(bytes[...])) != nil
        var byByte = true
        for place in bytes.indices where byByte {
            byByte = (try? cut.feed(bytes[place...place])) != nil
        }
        try FuzzTarget.check(atOnce == byByte, "whole it is \(atOnce ? "read" : "refused"), cut it is not")
        guard atOnce else { return }
        try FuzzTarget.check(
            whole.isDone == cut.isDone && whole.response.status == cut.response.status
                && whole.response.body == cut.response.body, "cut, it is another answer")
    }

    static func address(_ text: String) {
        _ = HTTPAddress(text)
        _ = HostName(text).kind
        _ = DialAddress(text, defaultPort: 5432)
    }
}
