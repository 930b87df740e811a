#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import Profiles

/// Names one piece of work, so that a late answer finds its question or is dropped.
package struct RequestID: Sendable, Hashable {
    package let number: Int

    package init(_ number: Int) {
        self.number = number
    }
}

/// What the model wants done outside: the loop carries it out and answers with a ``Message``.
package enum Effect: Sendable, Equatable {
    /// Read all live profiles again; answered by ``Message/profiles(_:)``.
    case reload
    /// Change the store; answered by ``Message/written(_:_:)`` and then ``Message/profiles(_:)``.
    case write(RequestID, StoreChange)
    /// Test a profile; answered by stages and then ``Message/tested(_:_:)``.
    case test(RequestID, Profile)
    /// The same, as one of many: what only a single test has time for is left out.
    case testAmongMany(RequestID, Profile)
    /// What a profile's last test found, of an earlier run or of another pgfob; answered by
    /// ``Message/recalledTest(_:_:_:)``.
    case recallTest(RequestID, UUID)
    /// Cancels a test, a discovery or a minting.
    case cancelTest(RequestID)
    /// Ask AWS which databases there are; answered by ``Message/progress(_:_:)`` and ``Message/answered(_:_:)``.
    case discover(RequestID, DiscoveryRequest)
    /// Mint a token now, a new one even where one is cached; answered by ``Message/minted(_:_:)``.
    case mint(RequestID, Profile)
    /// Let libpq parse a conninfo or URI; answered by ``Message/parsed(_:_:)``.
    case parse(RequestID, String)
    /// Run SQL, read-only; answered by ``Message/ran(_:failed:)`` for each and ``Message/ranAll(_:_:)``.
    case run(RequestID, String, [Profile])
    /// Stop it, here and on the servers.
    case cancelRun(RequestID)
    /// What a profile was last opened with; answered by ``Message/recalled(_:_:)``.
    case recall(RequestID, UUID)
    case remember(UUID, SessionChoice)
    /// Open psql in this terminal; answered by ``Message/sessionStage(_:_:)`` and ``Message/sessionEnded(_:_:)``.
    case launch(RequestID, SessionOpening)
    /// Do not open it; nothing answers any more.
    case cancelLaunch(RequestID)
    /// Run a login to AWS in this terminal; answered by ``Message/loginEnded(_:_:)``.
    case login(RequestID, [String], awsProfile: String?)
    /// What IAM and the database need for a profile's logins; answered by ``Message/policy(_:_:)``. Asks AWS only
    /// where told to.
    case policy(RequestID, Profile, calls: Bool)
    /// Find something out, or do something with a file; answered by ``Message/answered(_:_:)``.
    case ask(RequestID, Question)
    /// Find out what a command's argument may be; answered by ``Message/completions(_:_:)``.
    case complete(Completion)
    /// Edit a profile as TOML in the user's editor; answered by ``Message/edited(_:_:)``.
    case edit(RequestID, Profile, ProfileText)
    /// Download the root certificates that a profile's server is checked against; answered by
    /// ``Message/bundleFetched(_:done:_:)``.
    case fetchBundle(RequestID, Profile)
    /// Wear a theme, and where told to, write it into the settings.
    case theme(String, keeps: Bool)
    /// Mint a token and put it into the clipboard, without its passing through here; answered like ``copy(_:name:)``.
    case copyToken(Profile, name: String)
    /// Put a text into the clipboard; answered by ``Message/copied(_:)`` or ``Message/trouble(_:)``.
    case copy(String, name: String)
    /// Open a profile's tunnel and keep it up, or let go of one that is kept; answered by
    /// ``Message/tunnelHeld(_:port:)``, ``Message/tunnelRefused(_:_:)`` or ``Message/notice(_:)``.
    case tunnel(Profile)
    /// Do not open it; nothing answers any more.
    case cancelTunnel(UUID)
    /// Open a proxy for other tools and keep it up; answered by ``Message/proxy(_:_:)``.
    case openProxy(SessionOpening)
    /// Do not open it; nothing answers any more.
    case cancelProxy(UUID)
    /// End a profile's proxy and its sessions; answered by ``Message/proxy(_:_:)``.
    case stopProxy(Profile)
    /// The answer to ``Message/codeAsked(_:device:)``, ``Message/tunnelAsked(_:_:)`` or ``Message/passwordAsked(_:_:)``; nil where the user cancelled.
    case answer(RequestID, String?)
    /// Stop the program's process group, as ^Z does in a shell.
    case suspend
    /// Paint every cell again.
    case redraw
    /// Forget the keys that were typed ahead, those of the same reading too: a dialog has opened, and they
    /// were not meant for it.
    case flushKeys
    /// Count what other programs do through proxies and tunnels; answered by ``Message/used(_:)``.
    case countUse
    case quit
}

/// One change to the store, each a transaction of its own.
package enum StoreChange: Sendable, Equatable {
    case insert(Profile)
    case insertAll([Profile])
    /// Writes only the columns in which the two differ.
    case update(Profile, from: Profile)
    /// The same for several, in one transaction.
    case updateAll([Profile], from: [Profile])
    /// Soft: kept in the trash.
    case trash([UUID])
    /// Back from the trash; renamed where the name is taken by now.
    case restore([UUID])
    /// Several kinds of changes in one transaction.
    case batch(ProfileBatch)
}

/// What others find out or do with files.
package enum Question: Sendable, Equatable {
    /// Whose AWS credentials sign for an AWS profile, and why.
    case whoami(String?)
    case trash
    /// Whether this machine has what pgfob needs.
    case doctor
    /// The root certificates in force.
    case bundles
    /// Past tests and sessions of the profile of that name; of all where nil.
    case history(String?)
    /// Bring back the latest profile of that name.
    case restore(String)
    case importFile(String)
    case exportFile(String, [Profile])
    case catalogue(CatalogueQuestion)
}

/// What the model cannot know itself of a command's arguments.
package enum Completion: Sendable, Hashable {
    /// The names in the trash.
    case trash
    /// The names in a folder, those of folders with a slash at their end; the empty path is the current folder.
    case folder(String)
}

/// What is asked of the team's catalogue.
package enum CatalogueQuestion: Sendable, Hashable {
    /// What a pull and a push would do, and the conflicts field by field.
    ///
    /// `through` names the profile that reaches it; nil for the one used last.
    case status(through: String?)
    /// Where a profile is named, its database's catalogue takes the place of another.
    case pull(through: String?)
    /// Send what was changed here, and share these profiles from now on.
    case push([String])
    /// Where both sides have changed a profile: whose values stand.
    case decide(mine: Bool, [String])
}

/// A profile's text for the editor.
package enum ProfileText: Sendable, Equatable {
    /// Written from the profile, with lines that pgfob does not know.
    case written(unknown: [String])
    /// As it came back broken.
    case broken(String)
}
