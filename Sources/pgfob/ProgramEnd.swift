/// Ends the program with a code; what there was to say has been said.
struct ProgramEnd: Error {
    var code: Int32
}
