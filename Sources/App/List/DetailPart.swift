import Screen

/// A piece of a line of the detail.
enum DetailPart {
    case text(Segment)
    /// A bar of what is left of a token, with the words behind it.
    case bar(Double, Segment)

    static func text(_ text: String, _ role: Role = .text) -> DetailPart {
        .text(Segment(DisplayText.sanitised(text), role))
    }

    /// Columns that it takes.
    func width(bar: Int) -> Int {
        switch self {
        case .text(let segment): DisplayText.width(segment.text)
        case .bar(_, let segment): bar + 3 + DisplayText.width(segment.text)
        }
    }
}
