import AWS

/// Files that a verb writes over: a report that is made anew at every run.
package enum ReplacedFile {
    /// Looks whether it could be written, before the work for it is begun; nothing is left behind.
    ///
    /// - Throws: ``Refusal`` of kind `failed` where it could not.
    package static func check(_ path: String) throws(Refusal) {
        guard SmallFile.isReplaceable(path) else { throw unwritable(path) }
    }

    private static func unwritable(_ path: String) -> Refusal {
        Refusal(.failed, "\(path) cannot be written", do: "check its folder, its permissions and the disk")
    }

    /// Writes all of it, or leaves what was there.
    ///
    /// - Throws: ``Refusal`` of kind `failed` where it cannot be written.
    package static func write(_ text: String, to path: String) throws(Refusal) {
        guard SmallFile.replace(path, with: Array(text.utf8)) else {
            throw unwritable(path)
        }
    }
}
