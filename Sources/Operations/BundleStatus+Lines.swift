#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import Profiles

extension BundleStatus {
    /// What is known of it, as command line and screen show it.
    package var lines: [String] {
        var lines = [path]
        if let first = profiles.first {
            let more = profiles.count > 1 ? " and \(profiles.count - 1) more" : ""
            lines.append("  used by    \(first)\(more)")
        }
        if let written = writtenAt { lines.append("  written    \(Timestamp.rfc3339(written))") }
        if !roots.isEmpty { lines.append("  roots      \(roots.count)") }
        for warning in warnings { lines.append("  warning    \(warning)") }
        for root in roots {
            let left =
                root.daysLeft < 0 ? "ended \(-root.daysLeft) days ago" : "\(root.daysLeft) days left"
            lines.append("    \(root.name): \(left)\(root.isRetired ? ", retired" : "")")
        }
        return lines
    }
}
