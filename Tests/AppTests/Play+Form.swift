import App
import Profiles
import Screen

extension Play {
    /// The form on `orders-writer`, the cursor in its notes.
    static func form(_ type: String = "") -> Play {
        var play = Play()
        play.go(to: "orders-writer")
        play.type("e")
        play.press(.pageDown)
        play.type(type)
        return play
    }

    /// Whether it is open.
    var showsForm: Bool { screen.contains("Edit profile") }

    /// What the store holds after somebody else has changed its profile.
    static func changedElsewhere(_ change: (inout Profile) -> Void) -> [SavedProfile] {
        var profiles = Fleet.drawn
        change(&profiles[0].profile)
        return profiles
    }
}
