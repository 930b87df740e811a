import TestSupport
import Testing

extension Golden {
    static func expect(
        _ lines: [String], _ name: String, file: String = #filePath,
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        for difference in differences(lines, name, file: file) {
            Issue.record("\(difference)", sourceLocation: sourceLocation)
        }
    }
}
