/// What psql's prompt says beside its name when something is wrong, looked up by a shell at every prompt: psql itself shows
/// a `!` where it has no connection, and knows nothing of tokens.
package struct PsqlPromptWatch: Sendable, Hashable {
    /// A file that is kept to say whether psql has a connection; empty before the first prompt.
    package var lostFile: String
    /// A file whose first line says why the token could not be renewed; empty while it is well.
    package var troubleFile: String
    /// The same for its tunnel; nil where it goes through none.
    package var tunnelFile: String?
    /// What holds for one connection alone, as its server took it by a SET, and the file that keeps which connection
    /// that is: empty where it is the next one that is seen. Nil where every connection starts with it.
    package var guarded: (words: String, file: String)? {
        get { guardFile.map { (guardWords, $0) } }
        set { (guardWords, guardFile) = (newValue?.words ?? "", newValue?.file) }
    }
    private var guardFile: String?
    private var guardWords = ""
    /// Descriptors that psql inherits and that are sockets, which say nothing of its own connection.
    package var inheritedSockets: [Int32] = []
    /// Whether its connection is one over TCP: a socket of another kind is then something else's, such as a name service's.
    package var isOverTCP = false

    package init(lostFile: String, troubleFile: String) {
        self.lostFile = lostFile
        self.troubleFile = troubleFile
    }

    /// What the file of that reason holds for it: one line, without what would not be seen on a terminal.
    package static func trouble(_ reason: String) -> String {
        var line = String.UnicodeScalarView()
        for scalar in reason.unicodeScalars.prefix(1000) where PsqlStartup.isSeen(scalar) {
            line.append(scalar)
        }
        return String(line) + "\n"
    }

    /// How that file begins.
    package static let lost = "lost"
    static let connected = "yes"

    /// Written into the second line once the first was shown.
    package static let told = "told"

    /// The shell's commands; they print one line and hold no backquote.
    package var script: String {
        let troubles =
            [Self.trouble(in: troubleFile, "token not renewed")]
            + [tunnelFile].compactMap { $0.map { Self.trouble(in: $0, "tunnel down") } }
        return (["w="] + troubles + [connection, "echo \"$w\""]).joined(separator: "; ")
    }

    /// The reason is said once, above the prompt; that there is one, at every prompt.
    private static func trouble(in file: String, _ words: String) -> String {
        "if [ -s \(file) ]; then { read -r t; read -r u; } <\(file); "
            + "if [ -z \"$u\" ]; then printf 'pgfob: %s\\n' \"$t\" >&2; echo \(told) >>\(file); fi; "
            + "w=\"$w(\(words)) \"; fi"
    }

    /// It has a connection where one of its descriptors is a socket of its own. Nothing where the system does not show
    /// them.
    ///
    /// Every prompt waits for this: a socket that was found to be the connection is known again by its inode, without
    /// another program; and at the first prompt psql is connected, so that its only socket is the one.
    private var connection: String {
        let others = ([0, 1, 2] + inheritedSockets).map(String.init).joined(separator: "|")
        let inode =
            "i=; while read -r k v; do [ \"$k\" = ino: ] && i=$v; done <${f%fd/*}fdinfo/$n; "
            // Before Linux 5.14 (proc(5)).
            + "[ \"$i\" ] || { i=$(readlink $f); i=${i#*[}; i=${i%]}; }; "
        let own =
            isOverTCP
            ? "for i; do [ -z \"$r\" ] && [ $# = 1 ] || "
                + "! grep -q \" $i\\( \\|\\$\\)\" /proc/net/unix && { c=$i; break; }; done"
            : "c=$1"
        return "if [ -d /proc/$PPID/fd ]; then read -r r <\(lostFile); c=; set --; "
            + "for f in /proc/$PPID/fd/*; do [ -S $f ] || continue; n=${f##*/}; "
            + "case $n in \(others)) continue;; esac; \(inode)"
            + "if [ \"$r\" = \"\(Self.connected) $i\" ]; then c=$i; break; fi; set -- $@ $i; done; "
            + "[ \"$c\" ] || \(own); "
            + "if [ \"$c\" ]; then [ \"$r\" = \"\(Self.connected) $c\" ] || echo \(Self.connected) $c >\(lostFile); "
            + (guardFile.map { guardLost($0) } ?? "")
            + "else echo \(Self.lost) >\(lostFile); w=\"$w(no connection: :reconnect) \"; "
            // What comes next was not set up by `:reconnect`, which has found no server.
            + (guardFile.map { "[ -s \($0) ] || echo none >\($0); " } ?? "") + "fi; fi 2>/dev/null"
    }

    /// A plain `\c`, and psql's own reset, make another connection, on which nothing was set.
    private func guardLost(_ file: String) -> String {
        "read -r g <\(file); if [ -z \"$g\" ]; then echo $c >\(file); "
            + "elif [ \"$g\" != \"$c\" ]; then w=\"$w(\(guardWords): :reconnect) \"; fi; "
    }
}
