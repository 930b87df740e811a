/// The columns of the list at a width: which are there, where they begin, how wide they are.
struct ListColumns {
    struct Span {
        var start: Int
        var width: Int
    }

    private(set) var name = Span(start: 3, width: 0)
    /// As wide as the known words, or wider for words of the user's own: cut, `PREPROD` would pass for `PROD`.
    private(set) var environment = Span(start: 0, width: 5)
    private(set) var role = Span(start: 0, width: 1)
    /// How profiles are reached; there where any goes through a tunnel.
    private(set) var way: Span?
    private(set) var endpoint: Span?
    private(set) var user: Span?
    private(set) var auth: Span?
    private(set) var token = Span(start: 0, width: 6)
    private(set) var bar: Span?
    private(set) var test = Span(start: 0, width: 11)
    /// The server's version, on wide screens.
    private(set) var version: Span?
    private(set) var last: Span?

    init(
        width: Int, choice: ColumnChoice = .automatic, hasTunnels: Bool = false, environmentWidth: Int = 0
    ) {
        let isWide = width >= 112
        let environments = max(5, min(environmentWidth, isWide ? 12 : 8))
        let hasEndpoint = isWide || choice == .endpoint
        let hasUser = isWide || choice != .endpoint
        let hasBar = isWide && choice != .name
        let hasAuth = width >= 72 && choice == .automatic || isWide
        let hasLast = width >= 66 && choice == .automatic || isWide
        if hasBar { token.width = 5 }
        let hasVersion = width >= 136
        let barWidth = hasBar ? (width >= 136 ? 10 : 8) : 0
        var fixed = 3 + 1 + environments + 1 + 1 + 1 + (1 + token.width) + (1 + 11)
        if hasEndpoint, hasUser { fixed += 1 }
        if hasTunnels { fixed += 1 + 4 }
        if hasBar { fixed += 1 + barWidth }
        if hasAuth { fixed += 1 + 4 }
        if hasVersion { fixed += 1 + 5 }
        if hasLast { fixed += 1 + 5 }
        let free = max(12, width - fixed)
        // What is left goes to name, endpoint and user: name and endpoint tell profiles apart.
        let (nameWidth, endpointWidth, userWidth) = Self.share(free, hasEndpoint: hasEndpoint, choice)

        var at = 3
        func place(_ width: Int) -> Span {
            defer { at += width + 1 }
            return Span(start: at, width: width)
        }
        name = place(nameWidth)
        environment = place(environments)
        role = place(1)
        way = hasTunnels ? place(4) : nil
        endpoint = hasEndpoint ? place(endpointWidth) : nil
        user = hasUser ? place(userWidth) : nil
        auth = hasAuth ? place(4) : nil
        token = place(token.width)
        bar = hasBar ? place(barWidth) : nil
        test = place(11)
        version = hasVersion ? place(5) : nil
        last = hasLast ? place(5) : nil
    }

    private static func share(_ free: Int, hasEndpoint: Bool, _ choice: ColumnChoice) -> (Int, Int, Int) {
        guard hasEndpoint else {
            let name = choice == .name ? free * 2 / 3 : (free * 21 + 19) / 38
            return (name, 0, free - name)
        }
        if choice == .endpoint, free < 60 {
            let name = free * 2 / 5
            return (name, free - name, 0)
        }
        if choice == .name {
            let (name, user) = (free / 2, min(26, free / 6))
            return (name, free - name - user, user)
        }
        let name = free * 21 / 69
        let user = min(30, free * 17 / 69)
        return (name, free - name - user, user)
    }
}
