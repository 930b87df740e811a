// swift-tools-version: 6.2
import PackageDescription

// The arrows of the house stand here and in Sources/README.md; a test holds the two together.
// CI builds with `--explicit-target-dependency-import-check error`, so an import that is not
// listed here fails the build.

let strict: [SwiftSetting] = [
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    // A generic type's metadata by its accessor, which is told what conforms, instead of by its mangled name, for which
    // the runtime reads through every conformance of the program at each type's first use: a tenth of the time to the
    // first paint.
    .unsafeFlags(
        ["-Xfrontend", "-disable-concrete-type-metadata-mangled-name-accessors"],
        .when(configuration: .release)),
]

/// A Swift module of the house and what it may import.
func module(_ name: String, _ arrows: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: arrows, swiftSettings: strict)
}

/// The tests of one module, and what their assertions need; `files` are read by the tests, not compiled.
func tests(_ name: String, _ arrows: [Target.Dependency], files: [String] = []) -> Target {
    .testTarget(name: name, dependencies: arrows, exclude: files, swiftSettings: strict)
}

let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let tomlKit = Target.Dependency.product(name: "TOMLKit", package: "TOMLKit")
let argumentParser = Target.Dependency.product(
    name: "ArgumentParser", package: "swift-argument-parser")

let package = Package(
    name: "pgfob",
    platforms: [.macOS(.v15)],
    products: [.executable(name: "pgfob", targets: ["pgfob"])],
    dependencies: [
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/LebJe/TOMLKit", from: "0.6.0"),
    ],
    targets: [
        .target(
            name: "CTerm",
            cSettings: [.define("_GNU_SOURCE"), .define("NCURSES_WIDECHAR", to: "1")],
            linkerSettings: [.linkedLibrary("ncursesw"), .linkedLibrary("tinfo", .when(platforms: [.linux]))]),
        .target(
            name: "CSystem", cSettings: [.define("_GNU_SOURCE")],
            linkerSettings: [.linkedLibrary("resolv", .when(platforms: [.macOS]))]),
        .target(name: "CLibpq", cSettings: [.define("_GNU_SOURCE")]),
        .target(name: "COpenSSL"),
        module("Secrets"),
        module("Workers", ["CSystem"]),
        module("Profiles", ["Secrets"]),
        module("Diagnosis", ["Profiles", "Secrets"]),
        module("Screen"),
        module("App", ["Screen", "Profiles", "Diagnosis"]),
        module("TOML", ["Profiles", tomlKit]),
        module("Settings", ["Profiles", "Screen", "TOML"]),
        module("SigV4", ["Secrets", "COpenSSL"]),
        module("TLS", ["Diagnosis", "Workers", "COpenSSL", "CSystem"]),
        module("AWS", ["SigV4", "TLS", "Profiles", "Secrets", "Workers", "CSystem", "COpenSSL"]),
        module("ProfileStore", ["Profiles", "Diagnosis", grdb]),
        module(
            "Postgres", ["TLS", "Profiles", "Diagnosis", "Secrets", "Workers", "CLibpq", "COpenSSL"]),
        module("Tunnels", ["Profiles", "Workers", "CSystem"]),
        module("Proxy", ["TLS", "Secrets", "Workers", "CSystem", "COpenSSL"]),
        module("Formats", ["Profiles", "TOML"]),
        module(
            "Operations",
            [
                "AWS", "ProfileStore", "Postgres", "TLS", "Tunnels", "Proxy", "Formats", "SigV4", "Profiles",
                "Diagnosis",
                "Secrets", "Workers", "CSystem",
            ]),
        module("Curses", ["Screen", "CTerm", "CSystem"]),
        module(
            "EventLoop",
            [
                "App", "Screen", "Curses", "Operations", "Profiles", "Diagnosis", "Secrets", "Workers",
                "CSystem",
            ]),
        .executableTarget(
            name: "pgfob",
            dependencies: [
                "EventLoop", "Operations", "Settings", "App", "Screen", "Profiles", "Diagnosis", "TOML",
                "CSystem",
                argumentParser,
            ],
            swiftSettings: strict),

        // What tests share: a pseudo-terminal with an emulator, temporary folders, the fleet.
        .target(
            name: "TestSupport", dependencies: ["CSystem", "Workers"], path: "Tests/TestSupport",
            swiftSettings: strict),
        // A program that paints what a test asks for through Curses, on a terminal that the test looks at.
        .executableTarget(
            name: "CursesFixture", dependencies: ["Curses", "Screen", "CSystem"],
            path: "Tests/CursesFixture", swiftSettings: strict),
        // Servers that speak TLS and clients that do not, with the proxy's relay between them.
        .target(
            name: "RelayTrial", dependencies: ["COpenSSL"], path: "Tests/RelayTrial",
            linkerSettings: [.linkedLibrary("ssl"), .linkedLibrary("crypto")]),
        // What Tests/bench measures against botocore.
        .executableTarget(
            name: "PresignBenchmark", dependencies: ["SigV4", "Secrets"], path: "Tests/PresignBenchmark",
            swiftSettings: strict),
        .executableTarget(
            name: "CredentialBenchmark", dependencies: ["AWS"], path: "Tests/CredentialBenchmark",
            swiftSettings: strict),
        // Readers of what others have written, for libFuzzer and for the tests.
        .target(
            name: "FuzzTargets",
            dependencies: [
                "AWS", "Formats", "Operations", "Postgres", "Profiles", "Proxy", "Settings", "TOML",
            ],
            path: "Tests/FuzzTargets", exclude: ["Seeds", "Found"], swiftSettings: strict),
        tests("FuzzTargetsTests", ["FuzzTargets", "TestSupport"]),
        tests("HouseTests", ["TestSupport"]),
        tests("SecretsTests", ["Secrets"]),
        tests("WorkersTests", ["Workers"]),
        tests("ProfilesTests", ["Profiles", "Secrets", "TestSupport"]),
        tests("DiagnosisTests", ["Diagnosis", "Profiles"]),
        tests("ScreenTests", ["Screen"]),
        tests("AppTests", ["App", "Screen", "Profiles", "Diagnosis", "TestSupport"], files: ["Goldens"]),
        tests("SettingsTests", ["Settings", "Curses", "Screen", "Profiles", "TOML", "TestSupport"]),
        tests("SigV4Tests", ["SigV4", "Secrets", "TestSupport"], files: ["Vectors"]),
        tests("TLSTests", ["TLS", "Diagnosis", "Workers", "TestSupport", "RelayTrial"]),
        tests(
            "AWSTests", ["AWS", "TLS", "SigV4", "Profiles", "Secrets", "Workers", "TestSupport"],
            files: ["Vectors"]),
        tests("ProfileStoreTests", ["ProfileStore", "Profiles", "Diagnosis", "TestSupport", grdb]),
        tests(
            "PostgresTests",
            ["Postgres", "TLS", "Profiles", "Diagnosis", "Secrets", "Workers", "TestSupport"]),
        // ssh's questions come back through the real program.
        tests("TunnelsTests", ["pgfob", "Tunnels", "Profiles", "Workers", "TestSupport"]),
        tests("FormatsTests", ["Formats", "Profiles", "TestSupport"]),
        tests(
            "OperationsTests",
            [
                "Operations", "Postgres", "Profiles", "Diagnosis", "Secrets", "ProfileStore", "Workers",
                "TestSupport",
            ]),
        tests("CursesTests", ["Curses", "CursesFixture", "Screen", "CSystem", "TestSupport"]),
        tests(
            "EventLoopTests", ["EventLoop", "Operations", "Profiles", "Diagnosis", "Workers", "TestSupport"]),
        // The real program: its command line, and its screen on a pseudo-terminal.
        tests("ProgramTests", ["pgfob", "Profiles", "TestSupport"], files: ["Goldens"]),
    ],
    swiftLanguageModes: [.v6]
)

// libFuzzer has the program's entry itself: only Tests/fuzz builds this one.
if Context.environment["PGFOB_FUZZING"] != nil {
    package.targets.append(
        .executableTarget(
            name: "FuzzDriver", dependencies: ["FuzzTargets"], path: "Tests/FuzzDriver", swiftSettings: strict
        ))
}
