import SigV4
import Testing

struct TokenRequestTests {
    @Test(arguments: [
        (TokenRequest.Kind.rds(user: "app"), [1, 900], [-1, 0, 901, Int.max]),
        (.dsql, [1, 604_800], [0, 604_801]), (.dsqlAdmin, [901, 604_800], [Int.min, 604_801]),
    ])
    func `a life is what the service grants`(kind: TokenRequest.Kind, granted: [Int], refused: [Int]) {
        let request = TokenRequest(host: "h", port: 5432, kind: kind, region: "eu-west-1")
        func accepts(_ life: Int) -> Bool {
            var request = request
            request.expires = life
            return request.hasAcceptedLife
        }
        #expect(request.expires == 900)
        #expect(granted.allSatisfy(accepts))
        #expect(!refused.contains(where: accepts))
    }
}
