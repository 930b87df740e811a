import Postgres
import Profiles

/// Lets libpq read what the user pasted: what libpq accepts is decided by libpq.
package enum PastedConninfo {
    /// The keywords of a URI or of `keyword=value` text, with secrets left empty.
    ///
    /// - Throws: ``Refusal`` with libpq's own complaint.
    package static func settings(of text: String) throws(Refusal) -> [String: String] {
        do throws(ConninfoProblem) {
            let parsed = try ConninfoParser.parse(text)
            // The secrets' names alone, so that whoever applies the settings says that they were dropped.
            let dropped = parsed.droppedSecrets.map { ($0, "") }
            return parsed.settings.merging(dropped) { value, _ in value }
        } catch {
            throw Refusal(.usage, "libpq cannot read that", do: error.message)
        }
    }
}
