import AWS
import Profiles
import TestSupport
import Testing

struct EndpointTests {
    private static func resolver(
        _ environment: [String: String] = [:], config: String = "", profile: String = "default"
    ) -> EndpointResolver {
        EndpointResolver(
            environment: EnvironmentValues(environment),
            config: SharedConfig(
                configPath: "c", credentialsPath: "k", config: SharedFile(Array(config.utf8)),
                credentials: SharedFile()),
            profile: profile)
    }

    private struct Question: Encodable {
        var service: String
        var region: String
        var fips: Bool
        var dual: Bool
    }

    /// Endpoints, by botocore's own rules.
    private static let oracle = """
        import sys, json
        import botocore.session
        from botocore.config import Config
        session = botocore.session.Session()
        for line in sys.stdin:
            q = json.loads(line)
            client = session.create_client(
                q["service"], region_name=q["region"], aws_access_key_id="a", aws_secret_access_key="b",
                config=Config(use_fips_endpoint=q["fips"], use_dualstack_endpoint=q["dual"]))
            model = client.meta.service_model
            operation = model.operation_model({"sts": "AssumeRole", "rds": "DescribeDBClusters",
                                               "sso": "GetRoleCredentials", "sso-oidc": "CreateToken"}[q["service"]])
            print(client._ruleset_resolver.construct_endpoint(
                operation_model=operation, call_args={}, request_context={}).url)
        """

    @Test(.enabled(if: Botocore.isHere, "python3 with botocore is not here"))
    func `every service answers where botocore finds it, in every partition`() throws {
        let regions = [
            "eu-west-1", "us-east-1", "ap-northeast-3", "cn-north-1", "us-gov-west-1", "us-iso-east-1",
            "us-isob-east-1",
            "eusc-de-east-1",
        ]
        var questions: [Question] = []
        for service in ["sts", "rds", "sso", "sso-oidc"] {
            for region in regions {
                for (fips, dual) in [(false, false), (true, false), (false, true), (true, true)] {
                    questions.append(Question(service: service, region: region, fips: fips, dual: dual))
                }
            }
        }
        for (question, answer) in zip(questions, try Botocore.answers(Self.oracle, questions)) {
            let service = try #require(
                AWSService(rawValue: question.service == "sso-oidc" ? "oidc" : question.service))
            let region = try #require(Region(rawValue: question.region))
            let host = EndpointResolver.host(service, region, fips: question.fips, dualStack: question.dual)
            #expect("https://\(host)" == answer, "\(question)")
        }
    }

    @Test(arguments: [
        ([:], "", "https://sts.eu-west-1.amazonaws.com/"),
        (["AWS_ENDPOINT_URL": "http://all:1"], "", "http://all:1/"),
        (["AWS_ENDPOINT_URL": "http://all:1", "AWS_ENDPOINT_URL_STS": "http://sts:1"], "", "http://sts:1/"),
        (["AWS_ENDPOINT_URL_RDS": "http://rds:1"], "", "https://sts.eu-west-1.amazonaws.com/"),
        ([:], "endpoint_url = http://own:1", "http://own:1/"),
        ([:], "services = s\n[services s]\nsts =\n  endpoint_url = http://svc:1", "http://svc:1/"),
        (
            ["AWS_ENDPOINT_URL": "http://all:1"],
            "services = s\n[services s]\nsts =\n  endpoint_url = http://svc:1",
            "http://svc:1/"
        ),
        (
            ["AWS_ENDPOINT_URL": "http://all:1", "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true"], "",
            "https://sts.eu-west-1.amazonaws.com/"
        ),
        (["AWS_USE_FIPS_ENDPOINT": "true"], "", "https://sts-fips.eu-west-1.amazonaws.com/"),
        ([:], "use_dualstack_endpoint = true", "https://sts.eu-west-1.api.aws/"),
    ])
    func `variables and settings stand over it`(
        environment: [String: String], config: String, expected: String
    ) throws {
        let resolver = Self.resolver(environment, config: "[default]\n" + config)
        let address = try resolver.endpoint(of: .sts, region: Region(rawValue: "eu-west-1"))
        #expect("\(address.scheme.rawValue)://\(address.hostHeader)\(address.target)" == expected)
    }

    @Test func `STS without a region is the global one, and nonsense is told by its name`() throws {
        #expect(try Self.resolver().endpoint(of: .sts, region: nil).host == "sts.amazonaws.com")
        let failure = #expect(throws: EndpointResolver.Unusable.self) {
            try Self.resolver(["AWS_ENDPOINT_URL_STS": "nonsense"]).endpoint(of: .sts, region: nil)
        }
        #expect(failure?.text == "AWS_ENDPOINT_URL_STS is not an address such as https://host:port")
    }
}
