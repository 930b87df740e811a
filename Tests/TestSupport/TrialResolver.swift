/// A resolver of a test's own, Tests/Servers/names.c, to be preloaded into the program under test.
package enum TrialResolver {
    /// The library, compiled once; nil where there is no C compiler.
    package static let library = TrialLibrary.compiled("names")
}
