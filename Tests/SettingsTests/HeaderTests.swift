import TOML
import Testing

/// Headers of tables that the parser beneath ends the program for.
struct HeaderTests {
    @Test(arguments: ["[é]\n", "[\u{fffd}]\n", "a = 1\n[[ !x]]\n", "x = [\n [1],\n]\n[ = ]\n", "[\n"])
    func `a table's name that cannot be one is refused with its line`(text: String) throws {
        let problem = #expect(throws: TOMLProblem.self) { try TOMLFile(text: text, path: "config.toml") }
        let line = text.split(separator: "\n").count
        #expect(
            problem?.what.hasPrefix("config.toml:\(line): the table's name") == true, "\(problem?.what ?? "")"
        )
    }

    @Test(arguments: [
        "[\"é\"]\na = 1\n", "x = '''\n[é]\n'''\n", "x = \"\"\"\n[é \\\"\"\"\n]\"\"\"\n",
        "x = [\n  { a = 1 },\n  [ -1 ],\n]\n", "x = 1 # [é]\n[ a ]\n", "x = { y = [ '[é]' ] }\n[[ 'b' ]]\n",
    ])
    func `what only looks like one is read`(text: String) throws {
        #expect(throws: Never.self) { try TOMLFile(text: text, path: "config.toml") }
    }
}
