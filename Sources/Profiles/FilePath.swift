/// Paths of files as text.
package enum FilePath {
    /// The folder that a file lies in: `.` for a bare name, `/` for what lies in the root.
    package static func folder(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }
}
