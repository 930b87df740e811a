/// To whom a token goes where the server's certificate is not checked whole (design/decisions.md, "Refusals that protect":
/// require and verify-ca ask once).
extension Profile {
    /// What that means, in words; nil where certificate and name are checked, or no token is sent.
    ///
    /// With `require` libpq checks the chain only where it has a file of roots, and no name either way; `verify-ca` checks
    /// no name (PostgreSQL documentation, "SSL Support").
    package var exposure: String? {
        guard auth == .iam else { return nil }
        return switch sslmode {
        case .verifyFull, .disable, .allow, .prefer: nil
        case .require:
            "require checks neither the server's name nor, without a CA file, its certificate: the token goes to "
                + "whoever answers at that address"
        case .verifyCA:
            "verify-ca does not check the server's name: the token goes to any server of the same CA that answers at "
                + "that address"
        }
    }

    /// The same, where a profile that was saved as `old` did not go so far yet: nobody has said yes to it.
    package func exposure(beyond old: Profile?) -> String? {
        guard let exposure else { return nil }
        guard let old, old.exposure != nil, old.sslmode <= sslmode else { return exposure }
        return nil
    }
}

extension Intake.Item {
    /// What has to be approved, in words, and of a weaker sslmode what that means.
    package var approvalWords: [String] {
        toApprove.map { value in
            guard value.name == ProfileField.sslmode.rawValue, let exposure = profile.exposure else {
                return value.words
            }
            return "\(value.words) (\(exposure))"
        }
    }

    /// The exposure of a profile's token that would come in with it; nil for none, and where it is saved so already.
    package var newExposure: String? { profile.exposure(beyond: old) }
}
