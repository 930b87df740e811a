#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
import FuzzTargets

/// The reader that `PGFOB_FUZZ_TARGET` names.
enum Driver {
    static let target: FuzzTarget = {
        let name = getenv("PGFOB_FUZZ_TARGET").map { String(cString: $0) } ?? ""
        guard let target = FuzzTarget(rawValue: name) else {
            let words = FuzzTarget.allCases.map(\.rawValue).joined(separator: " ")
            fatalError("PGFOB_FUZZ_TARGET is \"\(name)\", not one of \(words)")
        }
        return target
    }()
}
