/// What the resolver or the network said, by its number and not by its text.
package enum NetworkFault: Sendable, Hashable {
    /// `EAI_NONAME` and its like: there is no such name, or it has no address.
    case nameNotFound
    /// `EAI_AGAIN`, `EAI_FAIL`: the resolver itself did not answer.
    case nameTemporary
    /// `ECONNREFUSED`: the host answered, nothing listens there.
    case refused
    /// `ETIMEDOUT`, or our own deadline: nothing answered.
    case timedOut
    /// `EHOSTUNREACH`, `ENETUNREACH`, `EACCES` and their like: no way there.
    case unreachable
    /// `EMFILE`, `ENFILE`: this machine has no file descriptor left, and nobody was asked.
    case noDescriptor
}
