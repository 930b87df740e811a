extension HostName {
    /// The environment of which a word of the name tells, as in `orders-prod-2` and `db.staging.example.com`; production
    /// before any other, nil where no word does.
    package var environment: Environment? {
        let words = Self.normalised(text).split { !$0.isLetter && !$0.isNumber }
        let told = words.compactMap { word in
            Environment(String(word.reversed().drop { $0.isNumber }.reversed()))
        }
        return [.prod, .stage, .dev].first { told.contains($0) }
    }
}
