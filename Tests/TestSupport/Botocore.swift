#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// botocore as an oracle: one python3 answers all questions of a test.
package enum Botocore {
    package static let isHere = Python.hasBotocore

    /// Runs a script over one JSON line for every question.
    ///
    /// - Throws: ``Failure`` where it does not answer each.
    package static func answers<Question: Encodable>(
        _ script: String, _ questions: [Question], environment: [String: String] = [:]
    ) throws -> [String] {
        let folder = try TemporaryFolder()
        let path = try folder.write(script, to: "oracle.py")
        let lines = try questions.map { String(decoding: try JSONEncoder().encode($0), as: UTF8.self) }
        let run = try ProgramRun(
            "/usr/bin/env", [Python.program, path],
            environment: Python.environment.merging(environment) { $1 }, input: lines.joined(separator: "\n"))
        let answers = run.output.split(separator: "\n").map(String.init)
        guard run.code == 0, answers.count == questions.count else { throw Failure(errors: run.errors) }
        return answers
    }

    package struct Failure: Error { package var errors: String }

    /// Tokens, by botocore's own generators with the clock stopped.
    package static let tokens = """
        import sys, json, datetime, types
        import botocore.auth, botocore.hooks, botocore.signers
        from botocore.credentials import Credentials
        from botocore.model import ServiceId
        emitter = botocore.hooks.HierarchicalEmitter()  # the signer itself keeps a weak reference only
        for line in sys.stdin:
            q = json.loads(line)
            now = datetime.datetime.strptime(q["time"], "%Y%m%dT%H%M%SZ")
            botocore.auth.get_current_datetime = lambda *a, **k: now
            signer = botocore.signers.RequestSigner(
                ServiceId("RDS"), q["region"], "rds", "v4",
                Credentials(q["id"], q["secret"], q.get("session")), emitter)
            client = types.SimpleNamespace(_request_signer=signer, meta=types.SimpleNamespace(region_name=q["region"]))
            if q["kind"] == "rds":
                token = botocore.signers.generate_db_auth_token(client, q["host"], q["port"], q["user"], q["region"])
            elif q["kind"] == "dsql":
                token = botocore.signers.dsql_generate_db_connect_auth_token(
                    client, q["host"], q["region"], q["expires"])
            else:
                token = botocore.signers.dsql_generate_db_connect_admin_auth_token(
                    client, q["host"], q["region"], q["expires"])
            print(token)
        """

    /// Credentials, by botocore's own providers over two files and an environment.
    package static let credentials = """
        import sys, json, os
        import botocore.session
        from botocore.credentials import create_credential_resolver
        for line in sys.stdin:
            q = json.loads(line)
            for name in [n for n in os.environ if n.startswith("AWS_")]:
                del os.environ[name]
            os.environ.update(q["environment"])
            try:
                session = botocore.session.Session(profile=q.get("profile"))
                found = session.get_credentials()
                print(json.dumps([found.access_key, found.secret_key, found.token] if found else None))
            except Exception as error:
                print(json.dumps(type(error).__name__))
        """
}
