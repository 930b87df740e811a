/// What DECSC saves and DECRC brings back.
struct VirtualCursor: Sendable {
    var column = 0
    var row = 0
    var style = VirtualStyle()
    var lineDrawing = [false, false]
    var shift = 0
}
