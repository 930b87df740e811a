import Screen

/// The one table of keys.
enum Bindings {
    /// The bindings of a context, in the order of its help. The form takes its keys itself, all others are
    /// text for its fields.
    static func of(_ context: Context) -> [Binding] { tables[context] ?? [] }

    /// What a key means in a context.
    static func action(_ key: Key, in context: Context) -> Action? { actions[context]?[key] }

    private static let tables: [Context: [Binding]] = [
        .list: list, .filter: filter, .confirm: confirm, .code: code, .test: test, .text: text, .help: help,
        .form: form,
    ]

    private static let actions: [Context: [Key: Action]] = tables.mapValues { table in
        var found: [Key: Action] = [:]
        for binding in table {
            for key in binding.keys where found[key] == nil { found[key] = binding.action }
        }
        return found
    }

    private static let list: [Binding] = [
        Binding([.character("j"), .down], .down, .move, "row down", as: "j Down"),
        Binding([.character("k"), .up], .up, .move, "row up", as: "k Up"),
        Binding([.character("g"), .home], .first, .move, "first"),
        Binding([.character("G"), .end], .last, .move, "last"),
        Binding([.control("d"), .pageDown], .halfDown, .move, "half page down"),
        Binding([.control("u"), .pageUp], .halfUp, .move, "half page up"),
        Binding([.character("[")], .previousGroup, .move, "previous group"),
        Binding([.character("]")], .nextGroup, .move, "next group"),
        Binding([.character("z")], .fold, .move, "fold group"),
        Binding([.character("Z")], .foldAll, .move, "fold all"),
        Binding([.enter], .open, .connect, "psql", footer: "psql", rank: 0),
        Binding([.character("t")], .test, .connect, "test", footer: "test", rank: 1),
        Binding([.character("v")], .stages, .connect, "stages of test"),
        Binding([.character("K")], .mint, .connect, "new token now", footer: "token", rank: 11),
        Binding([.character("L")], .login, .connect, "log in to AWS"),
        Binding([.character("P")], .policy, .connect, "IAM policy, SQL"),
        Binding([.character("e")], .edit, .profiles, "edit", footer: "edit", rank: 2),
        Binding([.character("n")], .new, .profiles, "new", footer: "new", rank: 3),
        Binding([.character("D")], .duplicate, .profiles, "duplicate", footer: "duplicate", rank: 8),
        Binding([.character("d")], .delete, .profiles, "delete", footer: "delete", rank: 7),
        Binding([.character("u")], .undo, .profiles, "undo", footer: "undo", rank: 9),
        Binding([.control("r")], .redo, .profiles, "redo"),
        Binding([.character("/")], .filter, .view, "filter", footer: "filter", rank: 4),
        Binding([.character("i")], .detail, .view, "details", footer: "details", rank: 10),
        Binding([.character("R")], .reload, .view, "read again"),
        Binding([.control("l")], .redraw, .view, "redraw"),
        Binding([.control("z")], .suspend, .view, "suspend"),
        Binding([.character("?"), .function(1)], .help, .view, "help", footer: "help", rank: 5),
        Binding([.escape], .back, .view, "clear filter"),
        Binding([.character("q"), .control("c")], .quit, .view, "quit", footer: "quit", rank: 6),
    ]

    private static let filter: [Binding] =
        [
            Binding([.enter], .keepFilter, .view, "keep it, back to the list", footer: "keep", rank: 0),
            Binding([.escape], .clearFilter, .view, "clear it", footer: "clear", rank: 1),
            Binding([.down, .control("n")], .down, .move, "row down", footer: "next", rank: 2),
            Binding([.up, .control("p")], .up, .move, "row up", footer: "previous", rank: 3),
            Binding([.pageDown], .halfDown, .move, "half page down"),
            Binding([.pageUp], .halfUp, .move, "half page up"),
        ] + anywhere

    private static let confirm: [Binding] =
        [
            Binding([.character("y")], .openReadOnly, .connect, "open"),
            Binding([.tab], .typeName, .connect, "type the name"),
            Binding([.character("a")], .snooze, .connect, "do not ask for 15 min"),
            Binding([.escape, .enter], .back, .view, "cancel", footer: "cancel", rank: 0),
        ] + anywhere

    private static let code: [Binding] =
        [
            Binding([.enter], .sendCode, .connect, "send the code", footer: "send", rank: 0),
            Binding([.escape], .back, .view, "cancel", footer: "cancel", rank: 1),
        ] + anywhere

    private static let test: [Binding] =
        [
            Binding([.character("r")], .testAgain, .connect, "run again", footer: "run again", rank: 0),
            Binding([.character("L")], .login, .connect, "log in to AWS", footer: "log in", rank: 1),
            Binding([.character("e")], .editTested, .profiles, "edit", footer: "edit", rank: 2),
            Binding([.enter], .leaveTest, .view, "to the list", footer: "list", rank: 4),
            Binding([.escape, .character("q")], .back, .view, "cancel or close", footer: "close", rank: 3),
            Binding([.character("?")], .help, .view, "help"),
        ] + anywhere

    private static let text: [Binding] =
        [
            Binding([.character("j"), .down], .scrollDown, .move, "scroll down", as: "j Down"),
            Binding([.character("k"), .up], .scrollUp, .move, "scroll up", as: "k Up"),
            Binding([.control("d"), .pageDown, .character(" ")], .halfDown, .move, "page down"),
            Binding([.control("u"), .pageUp], .halfUp, .move, "page up"),
            Binding([.character("g"), .home], .first, .move, "first line"),
            Binding([.character("G"), .end], .last, .move, "last line"),
            Binding([.character("a")], .askAWS, .connect, "ask AWS for the rest", footer: "ask AWS", rank: 1),
            Binding([.character("y")], .copyText, .view, "copy all of it", footer: "copy", rank: 0),
            Binding([.escape, .character("q"), .enter], .back, .view, "close", footer: "close", rank: 2),
            Binding([.character("?")], .help, .view, "help"),
        ] + anywhere

    private static let help: [Binding] = [
        Binding([.down, .pageDown], .scrollDown, .move, "scroll down"),
        Binding([.up, .pageUp], .scrollUp, .move, "scroll up"),
        Binding([.escape, .enter, .function(1)], .back, .view, "close", footer: "close", rank: 0),
        Binding([.control("l")], .redraw, .view, "redraw"),
        Binding([.control("z")], .suspend, .view, "suspend"),
        Binding([.control("c")], .quit, .view, "quit"),
    ]

    private static let form: [Binding] = [
        Binding([.tab, .down], .inForm, .move, "next field"),
        Binding([.backTab, .up], .inForm, .move, "previous field"),
        Binding([.pageUp], .inForm, .move, "first field"),
        Binding([.pageDown], .inForm, .move, "last field"),
        Binding([.character(" "), .right, .left], .inForm, .move, "choose", as: "Space"),
        Binding([.enter], .inForm, .move, "next field; reads a typed endpoint"),
        Binding([.control("s")], .inForm, .profiles, "save"),
        Binding([.control("t")], .inForm, .profiles, "test as typed"),
        Binding([.escape], .inForm, .profiles, "cancel"),
        Binding([.control("c")], .inForm, .profiles, "quit"),
        Binding([.function(1)], .help, .view, "help"),
        Binding([.control("l")], .redraw, .view, "redraw"),
        Binding([.control("z")], .suspend, .view, "suspend"),
    ]

    private static let anywhere: [Binding] = [
        Binding([.function(1)], .help, .view, "help", footer: "help", rank: 50),
        Binding([.control("l")], .redraw, .view, "redraw"),
        Binding([.control("z")], .suspend, .view, "suspend"),
        Binding([.control("c")], .quit, .view, "quit"),
    ]
}
