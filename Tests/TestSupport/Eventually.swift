/// Waits until something holds, and gives up after a time that only a failure takes.
package func eventually(within limit: Duration = .seconds(60), _ holds: () -> Bool) async -> Bool {
    let end = ContinuousClock.now + limit
    while !holds() {
        guard ContinuousClock.now < end, !Task.isCancelled else { return false }
        // Other tests want the processors too.
        try? await Task.sleep(for: .milliseconds(3))
    }
    return true
}
