import Profiles
import Workers

extension CredentialChain {
    /// A throttled list is asked for again this often, each time after a longer pause.
    private static let attempts = 7

    /// Everything of PostgreSQL in a region; what fails is in the listing.
    ///
    /// - Parameter crew: asks for the lists at once; the caller must be none of it.
    package func listing(
        of region: Region, _ credentials: Credentials, _ request: CredentialRequest, crew: Crew
    ) -> RegionListing {
        var listing = RegionListing(region: region)
        var caller = caller(for: request)
        caller.attempts = Self.attempts
        let inventory = RDSInventory(caller: caller, credentials: credentials.signing, region: region)
        let parts = inventory.parts
        let answers = crew.all(
            parts.map { part in
                { () -> Result<RDSInventory.Part, ServiceFailure> in
                    do throws(ServiceFailure) { return .success(try part.ask()) } catch {
                        return .failure(error)
                    }
                }
            })
        for (part, answer) in zip(parts, answers) {
            guard case .failure(let failure) = answer else { continue }
            if part.kind == .clusters {
                var refused = Self.refused("the list of clusters", failure, credentials)
                if Self.regionCodes.contains(failure.code) {
                    refused.whatToDo += ", and that the region is enabled for the account"
                }
                listing.failure = refused
                listing.isClosed =
                    Self.regionCodes.contains(failure.code) || Self.denialCodes.contains(failure.code)
                return listing
            }
            listing.missing.insert(part.kind)
            let words = "\(part.kind.rawValue) could not be listed: \(failure.message)"
            if part.kind.isOptional { listing.notes.append(words) } else { listing.problems.append(words) }
        }
        listing.take(answers.compactMap { try? $0.get() })
        return listing
    }

    /// What a region says to keys of an account that has not opted in to it.
    private static let regionCodes: Set<String> = [
        "InvalidClientTokenId", "UnrecognizedClientException", "AuthFailure", "OptInRequired",
    ]

    /// What keys are told that may not call it, as a policy of the organisation's may have it for a region.
    private static let denialCodes: Set<String> = [
        "AccessDenied", "AccessDeniedException", "UnauthorizedOperation",
    ]

    /// The regions that are enabled for the account (Amazon EC2 API Reference, "DescribeRegions").
    ///
    /// - Throws: ``AWSFailure``.
    package func enabledRegions(
        _ credentials: Credentials, _ request: CredentialRequest
    ) throws(AWSFailure) -> [Region] {
        let home = try region(for: request) ?? Region(rawValue: "us-east-1")
        do throws(ServiceFailure) {
            let answer = try caller(for: request).query(
                .ec2, "DescribeRegions", version: "2016-11-15", parameters: [],
                credentials: credentials.signing,
                region: home)
            return answer.list("regionInfo").compactMap { $0.text("regionName") }
                .compactMap { Region(rawValue: $0) }
                .sorted { $0.rawValue < $1.rawValue }
        } catch {
            throw Self.refused("the list of regions", error, credentials)
        }
    }
}
