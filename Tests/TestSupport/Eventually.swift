/// Waits until something holds, and gives up after a time that only a failure takes: also as the looks are counted, between
/// which other tests may have kept every thread.
package func eventually(within limit: Duration = .seconds(60), _ holds: () -> Bool) async -> Bool {
    let end = ContinuousClock.now + limit
    var looks = 0
    while !holds() {
        looks += 1
        guard ContinuousClock.now < end || looks < 1000, !Task.isCancelled else { return false }
        // Other tests want the processors too.
        try? await Task.sleep(for: .milliseconds(3))
    }
    return true
}
