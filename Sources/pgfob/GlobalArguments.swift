import Operations

/// The options that stand before or after the subcommand: taken out here, so that both places mean the same.
struct GlobalArguments {
    private(set) var store: String?
    private(set) var config: String?
    private(set) var verbose = false
    /// The socket at which another pgfob hands over what to do; for its own use.
    private(set) var handover: String?
    /// What the subcommand gets.
    private(set) var rest: [String] = []
    private var incomplete: String?

    init(_ arguments: [String]) {
        var waiting = arguments[...]
        while let argument = waiting.popFirst() {
            if argument == "--" {
                rest.append(argument)
                rest += waiting
                break
            } else if argument == "--verbose" {
                verbose = true
            } else if let value = Self.value(of: "--store", argument, &waiting, &incomplete) {
                store = value
            } else if let value = Self.value(of: "--config", argument, &waiting, &incomplete) {
                config = value
            } else if let value = Self.value(of: "--handover", argument, &waiting, &incomplete) {
                handover = value
            } else if !["-c", "--command"].contains(rest.last), let name = Self.emptied(argument) {
                // Behind those stands SQL.
                rest += [name, ""]
            } else {
                rest.append(argument)
            }
        }
    }

    /// The option of `--user=`, which clears as `--user ''` does; the parser takes it for one without a value. nil for
    /// anything else.
    private static func emptied(_ argument: String) -> String? {
        let name = argument.dropLast()
        guard argument.hasPrefix("--"), argument.hasSuffix("="), name.count > 2,
            name.allSatisfy({ $0.isLetter || $0 == "-" })
        else { return nil }
        return String(name)
    }

    /// - Throws: ``Refusal`` of kind `usage` where an option lacks its path.
    func check() throws(Refusal) {
        if let incomplete {
            throw Refusal(.usage, "\(incomplete) has no path", do: "write \(incomplete) PATH")
        }
    }

    private static func value(
        of option: String, _ argument: String, _ waiting: inout ArraySlice<String>,
        _ incomplete: inout String?
    ) -> String? {
        if argument.hasPrefix("\(option)=") {
            let value = String(argument.dropFirst(option.count + 1))
            if value.isEmpty { incomplete = option }
            return value
        }
        guard argument == option else { return nil }
        guard let value = waiting.popFirst(), !value.isEmpty else {
            incomplete = option
            return ""
        }
        return value
    }
}
