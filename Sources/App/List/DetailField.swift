/// One line of the detail: what it is about and what is known.
struct DetailField {
    var label: String
    var parts: [DetailPart]

    init(_ label: String, _ parts: [DetailPart?]) {
        self.label = label
        self.parts = parts.compactMap { $0 }
    }
}
