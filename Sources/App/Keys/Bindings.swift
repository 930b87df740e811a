import Screen

/// The one table of keys, as it is before the user changes it.
enum Bindings {
    static let tables: [Context: [Binding]] = [
        .list: list, .filter: filter, .palette: palette, .copy: copy, .connect: connect, .siblings: siblings,
        .themes: themes,
        .intake: intake,
        .confirm: confirm, .runQuestion: runQuestion,
        .code: code, .test: test, .text: text, .help: help, .form: form, .leave: leave,
    ]

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
        Binding([.character("c")], .openWith, .connect, "connect.. with", footer: "connect..", rank: 6),
        Binding([.character("O")], .openWindow, .connect, "in tmux window"),
        Binding([], .openSplit, .connect, "in tmux pane"),
        Binding([.character("w")], .writer, .connect, "on the writer"),
        Binding([.character("r")], .reader, .connect, "on a reader"),
        Binding([.character("o")], .sibling, .connect, "on a sibling"),
        Binding([.character("t")], .test, .connect, "test", footer: "test", rank: 3),
        Binding([.character("T")], .testShown, .connect, "test all shown", footer: "test shown", rank: 13),
        Binding([.character("v")], .stages, .connect, "stages of test"),
        Binding([.character("K")], .mint, .connect, "new token now", footer: "token", rank: 18),
        Binding([.character("L")], .login, .connect, "log in to AWS"),
        Binding([.character("V")], .tunnel, .connect, "tunnel up, down"),
        Binding([.character("P")], .policy, .connect, "IAM policy, SQL"),
        Binding([.character("e")], .edit, .profiles, "edit", footer: "edit", rank: 5),
        Binding([.character("n")], .new, .profiles, "new", footer: "new", rank: 7),
        Binding([.character("D")], .duplicate, .profiles, "duplicate", footer: "duplicate", rank: 11),
        Binding([.character("d")], .delete, .profiles, "delete", footer: "delete", rank: 9),
        Binding([.character("u")], .undo, .profiles, "undo", footer: "undo", rank: 12),
        Binding([.control("r")], .redo, .profiles, "redo"),
        Binding([.character("p")], .pin, .profiles, "pin", footer: "pin", rank: 14),
        Binding([.character(" ")], .mark, .profiles, "mark", footer: "mark", rank: 15),
        Binding([.character("*")], .markAll, .profiles, "mark all shown"),
        Binding([.character("y")], .copy, .profiles, "copy ...", footer: "copy", rank: 10),
        Binding([.character("/")], .filter, .view, "filter", footer: "filter", rank: 4),
        Binding([.character("s")], .sort, .view, "next sort order", footer: "sort", rank: 16),
        Binding([.character("S")], .sortReverse, .view, "sort reversed"),
        Binding([.character("b")], .groupBy, .view, "next grouping", footer: "group", rank: 17),
        Binding([.character("|")], .columns, .view, "other columns"),
        Binding([.character("i")], .detail, .view, "details", footer: "details", rank: 19),
        Binding([.character(":")], .palette, .program, "commands", footer: "command", rank: 2),
        Binding([.character("R")], .reload, .program, "read again"),
        Binding([.control("l")], .redraw, .program, "redraw"),
        Binding([.control("z")], .suspend, .program, "suspend"),
        Binding([.character("?"), .function(1)], .help, .program, "help", footer: "help", rank: 1),
        Binding([.escape], .back, .program, "clear filter, marks"),
        Binding([.character("q"), .control("c")], .quit, .program, "quit", footer: "quit", rank: 8),
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

    private static let palette: [Binding] =
        [
            Binding([.enter], .run, .view, "run", footer: "run", rank: 0),
            Binding([.tab], .complete, .view, "complete", footer: "complete", rank: 1),
            Binding([.down, .control("n")], .down, .move, "next command", footer: "next", rank: 3),
            Binding(
                [.up, .control("p")], .up, .move, "previous command; above the first what was run before",
                footer: "history", rank: 4),
            Binding([.pageUp], .older, .move, "what was run before"),
            Binding([.pageDown], .newer, .move, "what was run after that"),
            Binding([.escape], .back, .view, "close", footer: "close", rank: 2),
        ] + anywhere

    private static let copy: [Binding] =
        [
            Binding([.character("h")], .copyHost, .connect, "host and port", footer: "host", rank: 0),
            Binding([.character("u")], .copyURI, .connect, "URI", footer: "URI", rank: 1),
            Binding([.character("p")], .copyPsql, .connect, "psql command", footer: "psql command", rank: 2),
            Binding([.character("c")], .copyConninfo, .connect, "conninfo", footer: "conninfo", rank: 3),
            Binding([.character("t")], .copyToken, .connect, "token: a secret", footer: "token", rank: 4),
            Binding([.escape, .character("q")], .back, .view, "nothing", footer: "cancel", rank: 5),
        ] + anywhere

    private static let connect: [Binding] =
        [
            Binding([.enter], .openChosen, .connect, "open", footer: "open", rank: 0),
            Binding([.tab, .down], .nextField, .move, "next line", footer: "next", rank: 1),
            Binding([.backTab, .up], .previousField, .move, "previous line"),
            Binding(
                [.character(" "), .right, .left], .choose, .move, "choose", footer: "choose", rank: 2,
                as: "Space"),
            Binding([.escape], .back, .view, "cancel", footer: "cancel", rank: 3),
        ] + anywhere

    private static let siblings: [Binding] =
        [
            Binding([.enter], .openChosen, .connect, "psql on it", footer: "psql", rank: 0),
            Binding([.character("j"), .down], .down, .move, "next endpoint", footer: "next", rank: 2),
            Binding([.character("k"), .up], .up, .move, "previous endpoint", footer: "previous", rank: 3),
            Binding([.escape, .character("q")], .back, .view, "cancel", footer: "cancel", rank: 1),
        ] + anywhere

    private static let themes: [Binding] =
        [
            Binding([.enter], .run, .view, "keep it, and write it to config.toml", footer: "keep", rank: 0),
            Binding(
                [.escape, .character("q")], .back, .view, "back to the old one", footer: "back", rank: 1),
            Binding([.character("j"), .down], .down, .move, "next theme", footer: "next", rank: 2),
            Binding([.character("k"), .up], .up, .move, "previous theme", footer: "previous", rank: 3),
        ] + anywhere

    private static let intake: [Binding] =
        [
            Binding([.enter], .saveChosen, .profiles, "save what is chosen", footer: "save", rank: 0),
            Binding([.character(" ")], .mark, .profiles, "choose, or not", footer: "choose", rank: 2),
            Binding([.character("*")], .markAll, .profiles, "choose all, or none", footer: "all", rank: 4),
            Binding(
                [.character("a")], .approve, .profiles, "approve what is marked !", footer: "approve", rank: 3
            ),
            Binding(
                [.character("A")], .approveAll, .profiles, "approve it for all", footer: "approve all",
                rank: 6),
            Binding([.character("v")], .remarks, .view, "all that is to be said", footer: "notes", rank: 5),
            Binding([.character("j"), .down], .down, .move, "row down", as: "j Down"),
            Binding([.character("k"), .up], .up, .move, "row up", as: "k Up"),
            Binding([.control("d"), .pageDown], .halfDown, .move, "half page down"),
            Binding([.control("u"), .pageUp], .halfUp, .move, "half page up"),
            Binding([.character("g"), .home], .first, .move, "first"),
            Binding([.character("G"), .end], .last, .move, "last"),
            Binding([.escape, .character("q")], .back, .view, "save nothing", footer: "cancel", rank: 1),
            Binding([.character("?"), .function(1)], .help, .view, "help", footer: "help", rank: 50),
        ] + always

    private static let confirm: [Binding] =
        [
            // A letter that the name begins with is the name's, and the control key alone answers.
            Binding(
                [.character("y"), .control("y")], .openReadOnly, .connect,
                "open; a letter that the name begins with is typed instead",
                footer: "open", rank: 1),
            Binding(
                [.character("a"), .control("n")], .snooze, .connect,
                "do not ask for a while; of its letter the same holds",
                footer: "do not ask again", rank: 2),
            Binding([.escape, .enter], .back, .view, "cancel", footer: "cancel", rank: 0),
        ] + anywhere

    private static let runQuestion: [Binding] =
        [
            Binding([.character("y")], .runStatements, .connect, "run it", footer: "run", rank: 1),
            Binding([.escape, .enter, .character("q")], .back, .view, "cancel", footer: "cancel", rank: 0),
        ] + anywhere

    private static let leave: [Binding] = [
        Binding(
            [.escape, .enter, .character("n"), .character("q")], .back, .view, "stay", footer: "stay", rank: 0
        ),
        Binding(
            [.character("y"), .control("c")], .quit, .program, "quit all the same",
            footer: "quit all the same",
            rank: 1),
        Binding([.function(1)], .help, .view, "help", footer: "help", rank: 50),
        Binding([.control("l")], .redraw, .view, "redraw"),
        Binding([.control("z")], .suspend, .view, "suspend"),
    ]

    private static let code: [Binding] =
        [
            Binding([.enter], .sendCode, .connect, "send the answer", footer: "send", rank: 0),
            Binding([.escape], .back, .view, "cancel", footer: "cancel", rank: 1),
            Binding(
                [.control("x")], .skipQuestions, .connect, "skip this and all further questions",
                footer: "skip all", rank: 2),
        ] + anywhere

    private static let test: [Binding] =
        [
            Binding([.character("r")], .testAgain, .connect, "run again", footer: "run again", rank: 0),
            Binding(
                [.character("f"), .character("b")], .applyFix, .connect,
                "do what helps: the footer says what", footer: "fix", rank: 1),
            Binding([.character("L")], .login, .connect, "log in to AWS", footer: "log in", rank: 2),
            Binding([.character("e")], .editTested, .profiles, "edit", footer: "edit", rank: 2),
            Binding(
                [.character("y")], .copyReport, .view, "copy the report, without secrets", footer: "report",
                rank: 5),
            Binding([.character("j"), .down], .scrollDown, .move, "scroll down", as: "j Down"),
            Binding([.character("k"), .up], .scrollUp, .move, "scroll up", as: "k Up"),
            Binding([.control("d"), .pageDown, .character(" ")], .halfDown, .move, "page down"),
            Binding([.control("u"), .pageUp], .halfUp, .move, "page up"),
            Binding([.enter], .leaveTest, .view, "to the list", footer: "list", rank: 4),
            Binding([.escape, .character("q")], .back, .view, "cancel or close", footer: "close", rank: 3),
            Binding([.character("?"), .function(1)], .help, .view, "help", footer: "help", rank: 50),
        ] + always

    private static let text: [Binding] =
        [
            Binding([.character("j"), .down], .scrollDown, .move, "scroll down", as: "j Down"),
            Binding([.character("k"), .up], .scrollUp, .move, "scroll up", as: "k Up"),
            Binding([.character("h"), .left], .scrollLeft, .move, "a table's left", as: "h Left"),
            Binding([.character("l"), .right], .scrollRight, .move, "a table's right", as: "l Right"),
            Binding([.control("d"), .pageDown, .character(" ")], .halfDown, .move, "page down"),
            Binding([.control("u"), .pageUp], .halfUp, .move, "page up"),
            Binding([.character("g"), .home], .first, .move, "first line"),
            Binding([.character("G"), .end], .last, .move, "last line"),
            Binding([.character("a")], .askAWS, .connect, "ask AWS for the rest", footer: "ask AWS", rank: 1),
            Binding([.character("L")], .login, .connect, "log in to AWS", footer: "log in", rank: 3),
            Binding([.character("y")], .copyText, .view, "copy all of it", footer: "copy", rank: 0),
            Binding([.escape, .character("q"), .enter], .back, .view, "close", footer: "close", rank: 2),
            Binding([.character("?"), .function(1)], .help, .view, "help", footer: "help", rank: 50),
        ] + always

    private static let help: [Binding] = [
        Binding([.down, .pageDown], .scrollDown, .move, "scroll down"),
        Binding([.up, .pageUp], .scrollUp, .move, "scroll up"),
        Binding([.escape, .enter, .function(1)], .back, .view, "close", footer: "close", rank: 0),
        Binding([.control("l")], .redraw, .view, "redraw"),
        Binding([.control("z")], .suspend, .view, "suspend"),
        Binding([.control("c")], .quit, .view, "quit"),
    ]

    private static let form: [Binding] = [
        Binding([.tab, .down], .nextField, .move, "next field", footer: "next", rank: 3),
        Binding([.backTab, .up], .previousField, .move, "previous field", footer: "back", rank: 7),
        Binding([.pageUp], .firstField, .move, "first field"),
        Binding([.pageDown], .lastField, .move, "last field"),
        Binding([.character(" "), .right, .left], .choose, .move, "choose", as: "Space"),
        Binding([.enter], .readOrNext, .move, "next field; reads a typed endpoint"),
        Binding([.control("s")], .save, .profiles, "save", footer: "save", rank: 0),
        Binding([.control("t")], .testTyped, .profiles, "test as typed", footer: "test", rank: 1),
        Binding(
            [.control("o")], .openTyped, .connect, "psql as typed, nothing is saved", footer: "psql", rank: 2),
        Binding(
            [.control("e")], .editor, .profiles, "all of it as TOML in $EDITOR", footer: "$EDITOR", rank: 5),
        Binding([.escape], .cancelForm, .profiles, "cancel", footer: "cancel", rank: 4),
        Binding([.control("c")], .quit, .profiles, "quit"),
        Binding([.function(1)], .help, .view, "help", footer: "help", rank: 6),
        Binding([.control("l")], .redraw, .view, "redraw"),
        Binding([.control("z")], .suspend, .view, "suspend"),
    ]

    private static let anywhere: [Binding] =
        [Binding([.function(1)], .help, .view, "help", footer: "help", rank: 50)] + always

    private static let always: [Binding] = [
        Binding([.control("l")], .redraw, .view, "redraw"),
        Binding([.control("z")], .suspend, .view, "suspend"),
        Binding([.control("c")], .quit, .view, "quit"),
    ]
}
