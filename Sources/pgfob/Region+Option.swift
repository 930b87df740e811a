import Operations
import Profiles

extension Region {
    /// What `--region` says.
    ///
    /// - Throws: ``Refusal`` of kind `usage` where it is no region.
    static func option(_ text: String) throws(Refusal) -> Region {
        if let region = Region(rawValue: text) { return region }
        // The hyphen that is left out most.
        let number = text.reversed().prefix(while: \.isNumber).count
        let meant = Region(rawValue: "\(text.dropLast(number))-\(text.suffix(number))")
        throw Refusal(
            .usage, "--region \"\(DialAddress.shown(text))\" is no region",
            do: meant.map { "did you mean \($0)?" } ?? "write it as eu-west-1")
    }
}
