import FuzzTargets

/// What libFuzzer calls with each input (LLVM documentation, "libFuzzer", "Fuzz Target").
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let input = Array(UnsafeBufferPointer(start: start, count: count))
    do throws(FuzzTarget.Broken) { try Driver.target.take(input) } catch {
        fatalError("\(Driver.target.rawValue): \(error.what)")
    }
    return 0
}
