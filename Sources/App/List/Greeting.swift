import Screen

/// What an empty store says: what to do next, by keys that work from there.
enum Greeting {
    static func lines(_ model: Model) -> [Segment] {
        func key(_ action: Action) -> String {
            DisplayText.padded(model.keyName(action), to: 8)
        }
        let command = model.keyName(.palette)
        return [
            Segment("No profiles yet.", .title),
            Segment("A profile: a database endpoint, and who logs in there.", .text),
            Segment("", .text),
            Segment("paste   an endpoint, a URI, a psql command: fills a form", .text),
            Segment("\(key(.new))makes one: a form with every field", .text),
            Segment("\(command)discover       asks AWS for your databases", .text),
            Segment("\(command)import FILE    takes the profiles of a file", .text),
            Segment(
                "\(command)demo           adds examples, \(model.keyName(.undo)) takes them away", .text),
            Segment("\(key(.help))shows every key, \(model.keyName(.quit)) quits", .text),
            Segment("", .text),
            Segment("From the shell: pgfob add ENDPOINT, discover, import FILE", .muted),
        ]
    }
}
