import Profiles

/// By what the list is grouped.
package enum Grouping: String, Sendable, Hashable, CaseIterable {
    case environment = "env"
    /// The user's own groups.
    case group
    /// The endpoints of a cluster as siblings.
    case cluster
    case region
    /// The AWS profile whose credentials sign.
    case aws
    /// One list without groups.
    case none
}
