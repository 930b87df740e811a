/// How a program that a test started has ended.
package enum ProgramEnding: Hashable, Sendable {
    case exited(Int32)
    case killed(signal: Int32)
}
