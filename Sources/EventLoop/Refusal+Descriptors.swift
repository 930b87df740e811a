import Operations

extension Refusal {
    /// A pipe or a signal's descriptor could not be had.
    static var noDescriptor: Refusal {
        Refusal(.failed, "no file descriptor is left", do: "allow more with `ulimit -n`")
    }
}
