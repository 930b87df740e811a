/// A folder with AWS's two files, and the environment that points to them.
package struct AWSFolder {
    package static let secret = "planted+secret/key"
    package static let session = "planted+session//token="

    package let folder: TemporaryFolder

    package init(config: String? = nil, credentials: String? = nil) throws {
        folder = try TemporaryFolder()
        if let config { try folder.write(config, to: ".aws/config") }
        if let credentials { try folder.write(credentials, to: ".aws/credentials") }
    }

    package var configPath: String { folder.file(".aws/config") }
    package var credentialsPath: String { folder.file(".aws/credentials") }

    /// Nothing of the machine's own AWS set-up is seen.
    package func environment(_ more: [String: String] = [:]) -> [String: String] {
        ["HOME": folder.path, "AWS_EC2_METADATA_DISABLED": "true"].merging(more) { $1 }
    }

    /// A section with static keys whose names tell where they stand.
    package static func keys(_ header: String, id: String, session: String? = nil, more: String = "")
        -> String
    {
        let token = session.map { "aws_session_token = \($0)\n" } ?? ""
        return "[\(header)]\naws_access_key_id = \(id)\naws_secret_access_key = \(secret)\n\(token)\(more)\n"
    }
}
