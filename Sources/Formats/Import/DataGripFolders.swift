import Profiles

/// DataGrip's folders, in a file of their own beside `dataSources.xml`: `NUMBER:PARENT:ID:NAME` for each folder, below a
/// line of dashes `NUMBER:PARENT:UUID` for each data source; 0 is the top.
enum DataGripFolders {
    static let file = "db-forest-config.xml"

    /// Deeper than anybody nests them.
    private static let depthLimit = 16

    /// The paths of the data sources, `parent/child`, by their uuids; those at the top are not among them.
    static func groups(_ text: String) -> [String: String] {
        var folders: [Substring: (parent: Substring, name: String)] = [:]
        var sources: [(uuid: Substring, parent: Substring)] = []
        var isBelow = false
        for raw in text.split(separator: "\n") {
            let line = raw.trimmingBlanks()
            if line.hasPrefix("---") {
                isBelow = true
                continue
            }
            let parts = line.split(separator: ":", maxSplits: 3, omittingEmptySubsequences: false)
            if !isBelow, parts.count == 4 {
                folders[parts[0]] = (parts[1], parts[3].trimmingBlanks())
            } else if isBelow, parts.count >= 3 {
                sources.append((parts[2], parts[1]))
            }
        }
        var groups: [String: String] = [:]
        for (uuid, parent) in sources {
            var (names, next): ([String], Substring) = ([], parent)
            while names.count < depthLimit, let folder = folders[next] {
                names.append(folder.name)
                next = folder.parent
            }
            if !names.isEmpty { groups[String(uuid)] = names.reversed().joined(separator: "/") }
        }
        return groups
    }
}
