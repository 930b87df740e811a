import ArgumentParser

/// Declared for the help alone: ``GlobalArguments`` has taken them out before the parser sees the rest.
struct GlobalOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The file of the profiles.", valueName: "path"), completion: .file())
    var store: String?

    @Option(help: ArgumentHelp("The file of the settings.", valueName: "path"), completion: .file())
    var config: String?

    @Flag(help: "Say more about errors.")
    var verbose = false
}
