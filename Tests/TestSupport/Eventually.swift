/// Waits until something holds, and gives up after a time that only a failure takes.
package func eventually(within limit: Duration = .seconds(60), _ holds: () -> Bool) async -> Bool {
    let end = ContinuousClock.now + limit
    while !holds() {
        guard ContinuousClock.now < end else { return false }
        await Task.yield()
    }
    return true
}
