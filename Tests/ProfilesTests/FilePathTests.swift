import Profiles
import Testing

struct FilePathTests {
    @Test(arguments: [
        ("/a/b.db", "/a"), ("/b.db", "/"), ("b.db", "."), ("a/b.db", "a"), ("./b", "."), ("", "."),
    ])
    func `the folder of a file is one that can be opened`(path: String, folder: String) {
        #expect(FilePath.folder(of: path) == folder)
    }
}
