import Operations

/// The verbs that the screen calls, put together by the program.
package struct Verbs: Sendable {
    package var book: ProfileBook
    package var mint: TokenMint
    package var tester: ConnectionTester
    package var preparer: SessionPreparer
    package var importer: Importer
    package var exporter: Exporter
    package var routes: Routes
    package var discovery: Discovery
    package var fetcher: BundleFetcher
    package var bundle: CABundle
    package var catalogue: TeamCatalogue
    package var doctor: Doctor
    package var audit: Audit
    /// The user's home folder, for paths that begin with a tilde.
    package var home: String?

    package init(_ surroundings: Surroundings) {
        book = ProfileBook(path: surroundings.storePath, isNamed: surroundings.storeIsNamed)
        mint = TokenMint(surroundings)
        routes = Routes(surroundings, mint: mint)
        audit = Audit(book, surroundings)
        tester = ConnectionTester(surroundings, mint: mint, routes: routes)
        preparer = SessionPreparer(surroundings, mint: mint, routes: routes)
        fetcher = BundleFetcher(surroundings)
        bundle = CABundle(folder: surroundings.caFolder)
        doctor = Doctor(surroundings)
        catalogue = TeamCatalogue(book: book, preparer: preparer)
        home = surroundings.environment["HOME"]
        importer = Importer(book, home: home)
        exporter = Exporter(surroundings)
        discovery = Discovery(book: book, mint: mint)
    }
}
