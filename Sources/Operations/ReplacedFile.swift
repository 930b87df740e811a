import AWS

/// Files that a verb writes over: a report that is made anew at every run.
package enum ReplacedFile {
    /// Writes all of it, or leaves what was there.
    ///
    /// - Throws: ``Refusal`` of kind `failed` where it cannot be written.
    package static func write(_ text: String, to path: String) throws(Refusal) {
        guard SmallFile.replace(path, with: Array(text.utf8)) else {
            throw Refusal(
                .failed, "\(path) cannot be written", do: "check its folder, its permissions and the disk")
        }
    }
}
