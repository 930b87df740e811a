import Settings
import Testing

struct PlacesTests {
    private func places(_ environment: [String: String], store: String? = nil, config: String? = nil)
        -> Places
    {
        Places(environment: environment, store: store, config: config, workingFolder: "/work")
    }

    @Test func `files lie where the XDG specification puts them`() {
        let places = places(["HOME": "/home/jo"])
        #expect(places.store == "/home/jo/.local/share/pgfob/profiles.db")
        #expect(places.config == "/home/jo/.config/pgfob/config.toml")
        #expect(places.userThemes == "/home/jo/.config/pgfob/themes")
        #expect(places.state == "/home/jo/.local/state/pgfob")
        #expect(places.certificates == "/home/jo/.local/share/pgfob/ca")
    }

    @Test func `relative XDG values are ignored, absolute ones count`() {
        let places = places(["HOME": "/home/jo", "XDG_DATA_HOME": "data", "XDG_CONFIG_HOME": "/etc/xdg"])
        #expect(places.store == "/home/jo/.local/share/pgfob/profiles.db")
        #expect(places.config == "/etc/xdg/pgfob/config.toml")
    }

    @Test func `an option stands over the variable, and a relative one is taken from here`() {
        let both = ["HOME": "/home/jo", "PGFOB_STORE": "/var/a.db", "PGFOB_CONFIG": "c.toml"]
        #expect(places(both).store == "/var/a.db")
        #expect(places(both).config == "/work/c.toml")
        #expect(places(both, store: "b.db").store == "/work/b.db")
    }
}
