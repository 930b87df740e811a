#!/usr/bin/env python3
"""moto's AWS endpoints with a user, a role and databases in them, all on one port of 127.0.0.1.

    moto_fleet.py      prints one line of JSON once it listens: the port, the user's keys and what is there

Every signature is verified and every action needs the user's policy: a wrong one gets SignatureDoesNotMatch. Keys
that the setup used are the only ones that moto has, so that nothing else passes.
"""
import json
import logging
import os
import select
import sys
import urllib.request

os.environ["INITIAL_NO_AUTH_ACTION_COUNT"] = "1000000"

import botocore.session  # noqa: E402
from moto.server import ThreadedMotoServer  # noqa: E402

REGION = "eu-west-1"
TRUST = {"Version": "2012-10-17", "Statement": [
    {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}]}
POLICY = {"Version": "2012-10-17", "Statement": [
    {"Effect": "Allow", "Action": ["sts:*", "rds:Describe*"], "Resource": "*"}]}


def main():
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    base = "http://%s:%d" % (host, port)
    session = botocore.session.Session()

    def client(service):
        return session.create_client(service, region_name=REGION, endpoint_url=base,
                                     aws_access_key_id="setup", aws_secret_access_key="setup")

    iam, rds = client("iam"), client("rds")
    user = iam.create_user(UserName="jo")["User"]
    keys = iam.create_access_key(UserName="jo")["AccessKey"]
    iam.put_user_policy(UserName="jo", PolicyName="p", PolicyDocument=json.dumps(POLICY))
    role = iam.create_role(RoleName="DBA", AssumeRolePolicyDocument=json.dumps(TRUST))["Role"]
    iam.put_role_policy(RoleName="DBA", PolicyName="p", PolicyDocument=json.dumps(POLICY))
    cluster = rds.create_db_cluster(
        DBClusterIdentifier="orders", Engine="aurora-postgresql", MasterUsername="m", MasterUserPassword="planted1",
        EnableIAMDatabaseAuthentication=True)["DBCluster"]
    instance = rds.create_db_instance(
        DBInstanceIdentifier="orders-1", Engine="aurora-postgresql", DBInstanceClass="db.r6g.large",
        DBClusterIdentifier="orders")["DBInstance"]
    # From here on moto believes nobody.
    urllib.request.urlopen(urllib.request.Request(
        base + "/moto-api/reset-auth", data=b"0", headers={"Content-Type": "text/plain"}, method="POST")).read()
    print(json.dumps({
        "port": port, "id": keys["AccessKeyId"], "secret": keys["SecretAccessKey"], "user": user["Arn"],
        "role": role["Arn"], "cluster": cluster, "instance": instance}, default=str), flush=True)
    # Whoever started it holds the other end: it goes with them.
    select.select([sys.stdin], [], [])


if __name__ == "__main__":
    main()
