/// Where AWS is asked for databases.
package struct DiscoveryRequest: Sendable, Hashable {
    /// AWS profiles; nil is the default chain.
    package var awsProfiles: [String?]
    /// Empty is the region that the AWS profile has.
    package var regions: [Region]
    /// Every region that is enabled for the account.
    package var allRegions: Bool
    /// The database user of new profiles; nil finds one.
    package var user: String?

    package init(
        awsProfiles: [String?] = [nil], regions: [Region] = [], allRegions: Bool = false, user: String? = nil
    ) {
        self.awsProfiles = awsProfiles
        self.regions = regions
        self.allRegions = allRegions
        self.user = user
    }

    /// Reads `all`, regions, `aws:PROFILE` and `user:NAME`.
    ///
    /// - Parameter awsProfiles: whom to ask as where the words name none.
    /// - Returns: nil where a word is none of them.
    package init?(words: String, awsProfiles usual: [String?]) {
        self.init(awsProfiles: [])
        for word in words.split(whereSeparator: \.isWhitespace).map(String.init) {
            if word == "all" {
                allRegions = true
            } else if word.hasPrefix("aws:"), word.count > 4 {
                awsProfiles.append(String(word.dropFirst(4)))
            } else if word.hasPrefix("user:"), word.count > 5 {
                user = String(word.dropFirst(5))
            } else if let region = Region(rawValue: word) {
                regions.append(region)
            } else {
                return nil
            }
        }
        if awsProfiles.isEmpty { awsProfiles = usual.isEmpty ? [nil] : usual }
    }
}
