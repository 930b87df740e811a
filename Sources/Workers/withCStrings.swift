#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// Calls a function of C with a null-terminated array of strings, as `execve` and its kin take them.
package func withCStrings<Value>(
    _ strings: [String], _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>) throws -> Value
) rethrows -> Value {
    var pointers: [UnsafeMutablePointer<CChar>?] = strings.map { strdup($0) }
    pointers.append(nil)
    defer { for pointer in pointers { free(pointer) } }
    return try body(&pointers)
}
