/// A system clock of a test's own, Tests/Servers/clock.c, to be preloaded into the program under test.
package enum TrialClock {
    /// The library, compiled once; nil where there is no C compiler.
    package static let library = TrialLibrary.compiled("clock")
}
