#!/usr/bin/env python3
"""What moto lacks or answers at random: the SSO portal, sso-oidc, and an STS, a container endpoint and an instance
metadata service whose answers follow from the questions, so that two programs can be compared. It is an HTTP proxy
as well.

    identity.py LOG [CERTIFICATE KEY]      prints `PORT` once it listens on 127.0.0.1; TLS with a certificate

With IDENTITY_ROLE AssumeRole gives that key, secret and session. With IDENTITY_AHEAD its clock is so many seconds ahead, and a signature more than five minutes off is refused.

The wire formats are those of facts/aws.md 2.4. What is asked is written to LOG, one JSON object a line.
"""
import datetime
import email.utils
import hashlib
import http.server
import json
import os
import select
import socket
import ssl
import sys
import threading
import urllib.parse

SEEN = []
LOCK = threading.Lock()
END = "2038-01-01T00:00:00Z"
ROLE = os.environ.get("IDENTITY_ROLE", "").split()
AHEAD = int(os.environ.get("IDENTITY_AHEAD", "0"))


def made(prefix, facts):
    return prefix + hashlib.sha1(json.dumps(facts, sort_keys=True).encode()).hexdigest()[:16].upper()


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *args):
        pass

    def date_time_string(self, timestamp=None):
        return email.utils.formatdate(self.now().timestamp(), usegmt=True)

    @staticmethod
    def now():
        return datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=AHEAD)

    def answer(self, status, body, kind="application/json"):
        data = body.encode() if isinstance(body, str) else body
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def body(self):
        return self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()

    def note(self, **facts):
        seen = dict(facts, path=self.path.split("?")[0], connection=self.client_address[1])
        with LOCK:
            SEEN.append(seen)
            with open(sys.argv[1], "a") as log:
                log.write(json.dumps(seen) + "\n")

    def do_CONNECT(self):
        self.note(proxy=self.headers.get("Proxy-Authorization"))
        if self.path.startswith("refused."):
            return self.answer(407, "no")
        host, port = self.path.rsplit(":", 1)
        with socket.create_connection((host, int(port))) as other:
            self.send_response(200, "Connection established")
            self.end_headers()
            self.wfile.flush()
            ends = {self.connection: other, other: self.connection}
            while True:
                for end in select.select(list(ends), [], [], 30)[0]:
                    data = end.recv(65536)
                    if not data:
                        self.close_connection = True
                        return
                    ends[end].sendall(data)

    def parse_request(self):
        good = super().parse_request()
        if good and self.path.startswith("http://"):
            self.note(proxied=self.path, proxy=self.headers.get("Proxy-Authorization"))
            self.path = "/" + self.path.split("/", 3)[3]
        return good

    def do_PUT(self):
        if self.path == "/latest/api/token":
            self.note()
            return self.answer(200, "imds-token", "text/plain")
        self.answer(404, "no")

    def do_GET(self):
        address = urllib.parse.urlsplit(self.path)
        query = {k: v[0] for k, v in urllib.parse.parse_qs(address.query).items()}
        if address.path == "/federation/credentials":
            return self.role_credentials(query)
        if address.path == "/leaving":
            return self.leaving()
        if address.path.startswith("/container"):
            return self.container(address.path)
        if address.path.startswith("/latest/meta-data/iam/security-credentials/"):
            return self.instance(address.path.rsplit("/", 1)[1])
        self.answer(404, json.dumps({"message": "not here"}))

    def role_credentials(self, query):
        token = self.headers.get("x-amz-sso_bearer_token", "")
        self.note(token=token)
        if token.startswith("ended"):
            return self.answer(401, json.dumps({"__type": "UnauthorizedException", "message": "Session token not found or invalid"}))
        if query["role_name"] == "Forbidden":
            return self.answer(403, json.dumps({"__type": "ForbiddenException", "message": "No access"}))
        facts = {"role": query["role_name"], "account": query["account_id"], "token": token}
        self.answer(200, json.dumps({"roleCredentials": {
            "accessKeyId": made("ASIASSO", facts), "secretAccessKey": made("sso-secret-", facts),
            "sessionToken": made("sso-session-", facts), "expiration": 2145916800000}}))

    def leaving(self):
        """Answers a connection's first question and goes at the next, without TLS's farewell."""
        self.note()
        if getattr(self, "has_answered", False):
            self.close_connection = True
            return
        self.has_answered = True
        self.answer(200, "hi", "text/plain")

    def container(self, path):
        facts = {"authorization": self.headers.get("Authorization"), "path": path}
        self.note(**facts)
        if path == "/container/none":
            return self.answer(404, "{}")
        if path == "/container/junk":
            return self.answer(200, "not json")
        self.answer(200, json.dumps({
            "AccessKeyId": made("ASIACON", facts), "SecretAccessKey": made("con-secret-", facts),
            "Token": made("con-session-", facts), "Expiration": END, "AccountId": "123456789012"}))

    def instance(self, role):
        if self.headers.get("x-aws-ec2-metadata-token") != "imds-token":
            return self.answer(401, "")
        if not role:
            return self.answer(200, "instance-role", "text/plain")
        self.answer(200, json.dumps({
            "Code": "Success", "AccessKeyId": "ASIAINSTANCE", "SecretAccessKey": "instance-secret",
            "Token": "instance-session", "Expiration": END}))

    def do_POST(self):
        text = self.body()
        if self.path == "/token":
            return self.oidc(json.loads(text))
        if self.path.startswith("/"):
            return self.sts({k: v[0] for k, v in urllib.parse.parse_qs(text, keep_blank_values=True).items()})

    def oidc(self, question):
        self.note(grant=question.get("grantType"))
        if question.get("refreshToken", "").startswith("dead"):
            return self.answer(400, json.dumps({"error": "invalid_grant", "error_description": "Invalid refresh token provided"}))
        facts = {k: question.get(k) for k in ("clientId", "clientSecret", "refreshToken")}
        self.answer(200, json.dumps({
            "accessToken": made("renewed-", facts), "expiresIn": 28800, "refreshToken": made("next-", facts),
            "tokenType": "Bearer"}))

    def sts(self, form):
        action = form.get("Action")
        signed = self.headers.get("Authorization", "")
        signer = signed.split("Credential=")[1].split("/")[0] if "Credential=" in signed else None
        facts = {k: v for k, v in form.items() if k not in ("Action", "Version")}
        # A name that the caller made up says nothing.
        if facts.get("RoleSessionName", "").startswith(("botocore-session-", "pgfob-")):
            facts.pop("RoleSessionName")
        facts["signer"] = signer
        facts["session"] = self.headers.get("X-Amz-Security-Token")
        signed_at = self.headers.get("X-Amz-Date")
        if AHEAD and signed_at:
            then = datetime.datetime.strptime(signed_at, "%Y%m%dT%H%M%SZ").replace(tzinfo=datetime.timezone.utc)
            if abs((self.now() - then).total_seconds()) > 300:
                self.note(action="refused for its time")
                return self.answer(403, "<ErrorResponse><Error><Code>SignatureDoesNotMatch</Code><Message>Signature expired"
                                   "</Message></Error></ErrorResponse>", "text/xml")
        self.note(action=action, **{k: v for k, v in facts.items() if k != "WebIdentityToken"})
        if action == "GetCallerIdentity":
            return self.answer(200, "<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:aws:iam::123456789012:user/%s</Arn>"
                               "<UserId>AIDA</UserId><Account>123456789012</Account></GetCallerIdentityResult></GetCallerIdentityResponse>" % signer, "text/xml")
        if form.get("RoleArn", "").endswith("/Denied"):
            return self.answer(403, "<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>User is not "
                               "authorized to perform: sts:AssumeRole</Message></Error></ErrorResponse>", "text/xml")
        if form.get("RoleArn", "").endswith("/Busy"):
            with LOCK:
                busy = sum(1 for x in SEEN if x.get("RoleArn") == form["RoleArn"]) < 3
            if busy:
                return self.answer(400, "<ErrorResponse><Error><Code>Throttling</Code><Message>Rate exceeded</Message></Error></ErrorResponse>", "text/xml")
        given = ROLE or (made("ASIASTS", facts), made("sts-secret-", facts), made("sts-session-", facts))
        self.answer(200, """<%(a)sResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><%(a)sResult><AssumedRoleUser>
            <AssumedRoleId>AROA:x</AssumedRoleId><Arn>arn:aws:sts::123456789012:assumed-role/r/s</Arn></AssumedRoleUser><Credentials>
            <AccessKeyId>%(k)s</AccessKeyId><SecretAccessKey>%(s)s</SecretAccessKey><SessionToken>%(t)s</SessionToken>
            <Expiration>%(e)s</Expiration></Credentials></%(a)sResult></%(a)sResponse>""" % {
                "a": action, "k": given[0], "s": given[1], "t": given[2],
                "e": END if not AHEAD else (self.now() + datetime.timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M:%SZ")},
            "text/xml")


def main():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    if len(sys.argv) > 3:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(sys.argv[2], sys.argv[3])
        server.socket = context.wrap_socket(server.socket, server_side=True)
    print(server.server_address[1], flush=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    # Whoever started it holds the other end: it goes with them.
    select.select([sys.stdin], [], [])


if __name__ == "__main__":
    main()
