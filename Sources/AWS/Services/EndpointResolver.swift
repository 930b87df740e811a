import Profiles

/// Where a service answers: what the environment and the profile say, else the name that AWS gives it
/// (AWS SDKs and Tools Reference Guide, "Service-specific endpoints", "Dual-stack and FIPS endpoints").
package struct EndpointResolver: Sendable {
    /// A setting that is no address.
    package struct Unusable: Error, Sendable, Hashable { package var text: String }

    let environment: EnvironmentValues
    let config: SharedConfig
    let profile: String

    package init(environment: EnvironmentValues, config: SharedConfig, profile: String) {
        self.environment = environment
        self.config = config
        self.profile = profile
    }

    /// - Parameter region: nil only for STS, whose global endpoint stands in then.
    package func endpoint(of service: AWSService, region: Region?) throws(Unusable) -> HTTPAddress {
        if let (text, source) = configured(service) {
            guard let address = HTTPAddress(text) else {
                throw Unusable(text: "\(source) is not an address such as https://host:port")
            }
            return address
        }
        guard let region else { return HTTPAddress(host: "sts.amazonaws.com") }
        return HTTPAddress(host: Self.host(service, region, fips: flag("fips"), dualStack: flag("dualstack")))
    }

    /// As botocore's endpoint rules name it.
    package static func host(_ service: AWSService, _ region: Region, fips: Bool, dualStack: Bool) -> String {
        let partition = Partition(region: region)
        // GovCloud's plain names are FIPS ones already.
        let marker = fips && (dualStack || partition != .govCloud) ? "-fips" : ""
        return
            "\(service.hostPrefix)\(marker).\(region).\(dualStack ? partition.dualStackSuffix : partition.suffix)"
    }

    private func configured(_ service: AWSService) -> (text: String, source: String)? {
        guard environment["AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"]?.lowercased() != "true",
            setting("ignore_configured_endpoint_urls")?.lowercased() != "true"
        else { return nil }
        let specific = "AWS_ENDPOINT_URL_\(service.settingName.uppercased())"
        if let text = environment[specific] { return (text, specific) }
        if let name = setting("services"),
            let text = config.services(name)?.nested[service.settingName]?["endpoint_url"]?.text
        {
            return (text, "endpoint_url of \(service.settingName) in [services \(name.shown)]")
        }
        if let text = environment["AWS_ENDPOINT_URL"] { return (text, "AWS_ENDPOINT_URL") }
        if let text = setting("endpoint_url") { return (text, "endpoint_url of profile \(profile.shown)") }
        return nil
    }

    private func flag(_ name: String) -> Bool {
        let value = environment["AWS_USE_\(name.uppercased())_ENDPOINT"] ?? setting("use_\(name)_endpoint")
        return value?.lowercased() == "true"
    }

    private func setting(_ key: String) -> String? {
        config.value(key, profile: profile).flatMap { $0.isEmpty ? nil : $0 }
    }
}
