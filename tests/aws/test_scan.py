"""A scan is the same whichever answer comes first, goes on where it broke off, and keeps no secret."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("boto3")

from archproof.errors import InputError, UsageError
from archproof.sources.aws import account, sessions
from archproof.sources.aws.scan import wanted
from archproof.sources.aws.store import Store
from archproof.sources.hiding import hidden
from archproof.sources.live import Unread
from archproof.sources.responses._call import Call, Per
from tests.aws.doubles import ACCOUNT, Question, Reply, double, identity, json_error, slowly, vpcs
from tests.aws.scanning import FUNCTIONS, QUEUE, QUEUES, ROLES, VPCS, plain, scanned, scope, unread

SECRET = "hunter2-and-more"
TAGS = Call(
    "sqs", "ListQueueTags", "", gives={"AWS::SQS::Queue": ("Tags",)},
    per=Per("ListQueues", "QueueUrls[]", {"QueueUrl": "@"}),
)  # fmt: skip
SERVICES = Call(
    "ecs", "DescribeServices", "services", ("AWS::ECS::Service",),
    per=Per("ListServices", "serviceArns[]", {"cluster": "^cluster", "services": "@"}, batch=10),
)  # fmt: skip
SERVICE_NAMES = Call("ecs", "ListServices", "", per=Per("ListClusters", "clusterArns[]", {"cluster": "@"}))
CLUSTERS = Call("ecs", "ListClusters", "")


def queues(q: Question) -> Reply | None:
    """Forty queues, in two regions."""
    if q.operation == "ListQueues":
        return 200, json.dumps({"QueueUrls": [f"https://sqs.{q.region}/{ACCOUNT}/q{n}" for n in range(20)]})
    if q.operation == "GetQueueAttributes":
        return 200, json.dumps({"Attributes": {"DelaySeconds": q.said["QueueUrl"][-1]}})  # the last digit
    if q.operation == "ListQueueTags":
        return 200, json.dumps({"Tags": {"url": q.said["QueueUrl"]}})
    if q.operation == "DescribeVpcs":
        return 200, vpcs(f"vpc-{q.region}")
    return None


TWO = ("eu-west-1", "eu-north-1")


def test_the_order_of_the_answers_changes_nothing(tmp_path: Path) -> None:
    found = []
    for seed in range(3):
        chance = random.Random(seed)
        with double(slowly(queues, lambda q, chance=chance: chance.random() / 200)) as aws:
            store = Store(tmp_path / str(seed), False, False)
            found.append(
                plain(scanned(aws.url, VPCS, QUEUES, QUEUE, TAGS, keeper=store, regions=TWO, threads=1 + seed * 7))
            )
    assert found[0] == found[1] == found[2]
    assert len(found[0]) == 2 * (1 + 1 + 20 + 20)
    texts = [
        {str(p.relative_to(tmp_path / str(n))): p.read_text() for p in sorted((tmp_path / str(n)).rglob("*.json"))}
        for n in range(3)
    ]
    assert texts[0] == texts[1] == texts[2]


def test_a_snapshot_is_in_the_shape_of_the_command_line_with_what_was_asked(tmp_path: Path) -> None:
    with double(queues) as aws:
        scanned(aws.url, VPCS, QUEUES, QUEUE, keeper=Store(tmp_path / "s", False, False))
    place = tmp_path / "s" / ACCOUNT / "eu-west-1"
    assert sorted(p.name for p in place.iterdir()) == [
        "ec2.DescribeVpcs.json", "sqs.GetQueueAttributes.json", "sqs.ListQueues.json"
    ]  # fmt: skip
    assert json.loads((place / "ec2.DescribeVpcs.json").read_text()) == {
        "Asked": {"Service": "ec2", "Operation": "DescribeVpcs", "Account": ACCOUNT, "Region": "eu-west-1",
                  "Requests": 1, "Unread": []},
        "Vpcs": [{"VpcId": "vpc-eu-west-1", "CidrBlock": "10.0.0.0/16"}],
    }  # fmt: skip
    details = json.loads((place / "sqs.GetQueueAttributes.json").read_text())
    assert details["Asked"]["Requests"] == 20
    assert details["Answers"][3] == {
        "Asked": {"QueueUrl": f"https://sqs.eu-west-1/{ACCOUNT}/q3"}, "Answer": {"Attributes": {"DelaySeconds": "3"}}
    }  # fmt: skip


class Broken(Exception):
    """The process ends here."""


def test_a_scan_that_was_broken_off_goes_on_with_what_is_not_there(tmp_path: Path) -> None:
    calls = (VPCS, QUEUES, QUEUE, TAGS)
    with double(queues) as aws:
        whole = plain(scanned(aws.url, *calls))

    class Stops(Store):
        kept = 0

        def keep(self, job: Any) -> None:
            if self.kept == 3:
                raise Broken
            self.kept += 1
            super().keep(job)

    with double(queues) as aws, pytest.raises(Broken):
        scanned(aws.url, *calls, keeper=Stops(tmp_path / "s", False, False))
    with double(queues) as aws:
        again = scanned(aws.url, *calls, keeper=Store(tmp_path / "s", False, True))
        asked = len(aws.asked) - 1
    assert plain(again) == whole
    assert 0 < asked < 42
    with double(queues) as aws:
        assert plain(scanned(aws.url, *calls, keeper=Store(tmp_path / "s", False, True))) == whole
        assert [q.operation for q in aws.asked] == ["GetCallerIdentity"]


def test_only_what_was_unread_is_asked_again(tmp_path: Path) -> None:
    def failing(q: Question) -> Reply | None:
        if q.operation == "GetQueueAttributes" and q.said["QueueUrl"].endswith("7"):
            return 400, json_error("ThrottlingException")
        return queues(q)

    with double(failing) as aws:
        first = scanned(aws.url, QUEUES, QUEUE, keeper=Store(tmp_path / "s", False, False))
    assert [(u.code, u.id) for u in unread(first)] == [
        ("throttled", f"https://sqs.eu-west-1/{ACCOUNT}/q{n}") for n in (7, 17)
    ]
    with double(queues) as aws:
        second = scanned(aws.url, QUEUES, QUEUE, keeper=Store(tmp_path / "s", False, True))
        assert (aws.count("ListQueues"), aws.count("GetQueueAttributes")) == (0, 2)
        assert plain(second) == plain(scanned(aws.url, QUEUES, QUEUE))
    assert unread(second) == []


def test_a_folder_that_is_no_snapshot_or_another_one_is_not_gone_on_with(tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "a.txt").write_text("mine")
    with pytest.raises(UsageError, match=r"is not empty; --resume goes on"):
        Store(tmp_path / "other", False, False)
    with pytest.raises(UsageError, match="holds no snapshot of an account"):
        Store(tmp_path / "other", False, True)
    Store(tmp_path / "s", True, False)
    with pytest.raises(UsageError, match="it holds plain values in version 1, and hashed ones in version 1 are wanted"):
        Store(tmp_path / "s", False, True)
    (tmp_path / "file").write_text("")
    with pytest.raises(UsageError, match="is a file, and a snapshot is a folder"):
        Store(tmp_path / "file", False, False)


def test_a_file_of_a_snapshot_that_was_spoilt_is_told(tmp_path: Path) -> None:
    with double(queues) as aws:
        scanned(aws.url, VPCS, keeper=Store(tmp_path, False, False))
        path = tmp_path / ACCOUNT / "eu-west-1" / "ec2.DescribeVpcs.json"
        path.write_text('{"Vpcs": [')
        with pytest.raises(InputError, match=r"ec2\.DescribeVpcs\.json:1:1: cannot be read"):
            scanned(aws.url, VPCS, keeper=Store(tmp_path, False, True))


def test_details_are_asked_in_batches_of_what_their_parents_name() -> None:
    def answers(q: Question) -> Reply | None:
        if q.operation == "ListClusters":
            return 200, '{"clusterArns": ["a", "b"]}'
        if q.operation == "ListServices":
            number = 23 if q.said["cluster"] == "a" else 1
            return 200, json.dumps({"serviceArns": [f"{q.said['cluster']}/{n}" for n in range(number)]})
        if q.operation == "DescribeServices":
            return 200, json.dumps({"services": [{"serviceArn": s} for s in q.said["services"]]})
        return None

    with double(answers) as aws:
        found = scanned(aws.url, CLUSTERS, SERVICE_NAMES, SERVICES)
    batches = [(a.asked["cluster"], len(a.asked["services"])) for a in found if a.call is SERVICES]
    assert batches == [("a", 10), ("a", 10), ("a", 3), ("b", 1)]


def test_a_global_service_is_asked_once_and_its_things_where_they_are() -> None:
    buckets = Call("s3", "ListBuckets", "Buckets", ("AWS::S3::Bucket",), once=True)
    versions = Call(
        "s3", "GetBucketVersioning", "", gives={"AWS::S3::Bucket": ("VersioningConfiguration",)},
        per=Per("ListBuckets", "Buckets[]", {"Bucket": "Name"}, place="BucketRegion"),
    )  # fmt: skip
    named = {"a": "eu-west-1", "b": "eu-north-1", "c": "us-west-2"}

    def answers(q: Question) -> Reply | None:
        if q.operation == "GET /":
            held = "".join(
                f"<Bucket><Name>{n}</Name><BucketRegion>{r}</BucketRegion></Bucket>" for n, r in named.items()
            )
            return 200, f"<ListAllMyBucketsResult><Buckets>{held}</Buckets></ListAllMyBucketsResult>"
        if q.service == "s3":
            return 200, f"<VersioningConfiguration><Status>{q.region}</Status></VersioningConfiguration>"
        return None

    with double(answers) as aws:
        found = scanned(aws.url, buckets, versions, ROLES, regions=TWO)
        assert aws.count("GET /") == 1 and aws.count("ListRoles") == 1
    assert [(a.region, a.asked, a.value) for a in found if a.call is versions] == [
        ("eu-north-1", {"Bucket": "b"}, {"Status": "eu-north-1"}),
        ("eu-west-1", {"Bucket": "a"}, {"Status": "eu-west-1"}),
    ]  # fmt: skip
    assert [a.region for a in found if a.call.once] == [None, None]


def test_without_details_only_lists_and_what_names_their_things_is_asked() -> None:
    assert wanted([QUEUES, QUEUE, CLUSTERS, SERVICE_NAMES, SERVICES], False) == (
        QUEUES, CLUSTERS, SERVICE_NAMES, SERVICES
    )  # fmt: skip


def test_no_secret_is_kept(tmp_path: Path) -> None:
    function = {
        "FunctionName": "f", "FunctionArn": f"arn:aws:lambda:eu-west-1:{ACCOUNT}:function:f",
        "Environment": {"Variables": {"PASSWORD": SECRET, "MODE": "fast"}, "Error": {"Message": SECRET}},
        "CodeSha256": "abc",
    }  # fmt: skip

    def answers(q: Question) -> Reply | None:
        return (200, json.dumps({"Functions": [function]})) if q.service == "lambda" else None

    with double(answers) as aws:
        [answer] = scanned(aws.url, FUNCTIONS, keeper=Store(tmp_path / "s", False, False))
        [plain_answer] = scanned(aws.url, FUNCTIONS, with_values=True)
    kept = answer.value["Functions"][0]["Environment"]["Variables"]
    assert kept == {"PASSWORD": hidden("PASSWORD", SECRET, ACCOUNT), "MODE": hidden("MODE", "fast", ACCOUNT)}
    assert not any(SECRET in path.read_text() for path in (tmp_path / "s").rglob("*.json"))
    assert plain_answer.value["Functions"][0]["Environment"]["Variables"]["PASSWORD"] == SECRET


def test_accounts_of_an_organisation_are_read_by_their_role_and_once_each() -> None:
    other = "444455556666"

    def answers(q: Question) -> Reply | None:
        if q.operation == "ListAccounts":
            members = [{"Id": ACCOUNT, "Status": "ACTIVE"}, {"Id": other, "Status": "ACTIVE"},
                       {"Id": "777788889999", "Status": "SUSPENDED"}]  # fmt: skip
            return 200, json.dumps({"Accounts": members})
        if q.operation == "AssumeRole":
            assert q.said["RoleArn"] == f"arn:aws:iam::{other}:role/Audit"
            keys = "<AccessKeyId>OTHER</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken>"
            inner = f"<Credentials>{keys}<Expiration>2099-01-01T00:00:00Z</Expiration></Credentials>"
            return 200, f"<AssumeRoleResponse><AssumeRoleResult>{inner}</AssumeRoleResult></AssumeRoleResponse>"
        if q.operation == "GetCallerIdentity" and any(a.operation == "AssumeRole" for a in aws.asked):
            return 200, identity(other)
        return queues(q)

    with double(answers) as aws:
        found = scanned(aws.url, VPCS, organization_role="Audit")
    assert [(a.account, a.value["Vpcs"][0]["VpcId"]) for a in found] == [
        (ACCOUNT, "vpc-eu-west-1"), (other, "vpc-eu-west-1")
    ]  # fmt: skip


def test_all_regions_are_those_that_the_account_has_enabled() -> None:
    def answers(q: Question) -> Reply | None:
        if q.operation == "DescribeRegions":
            items = "".join(f"<item><regionName>{r}</regionName></item>" for r in TWO)
            return 200, f"<DescribeRegionsResponse><regionInfo>{items}</regionInfo></DescribeRegionsResponse>"
        return queues(q)

    with double(answers) as aws:
        assert [a.region for a in scanned(aws.url, VPCS, regions=("all",))] == sorted(TWO)


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"regions": ("eu_west_1",)}, "'eu_west_1' is not a region such as eu-central-1, nor `all`"),
        ({"regions": ("eu-wset-1",), "endpoint_url": None}, "AWS has no region 'eu-wset-1'; did you mean 'eu-west-1'?"),
        ({"roles": ("Audit",)}, "'Audit' is no ARN of a role"),
        ({"threads": 0}, "the number of threads is from 1 to 256"),
        ({"profiles": ("nobody",)}, "there is no profile 'nobody' in AWS's configuration files"),
        ({"external_id": "x"}, "the external id has 2 letters and digits at least"),
    ],
)
def test_a_scope_that_cannot_be_meant_is_refused(more: dict[str, Any], message: str) -> None:
    with pytest.raises(UsageError) as told:
        sessions.accounts(scope("http://127.0.0.1:1", **more))
    assert message in str(told.value)


def test_without_credentials_or_a_region_the_call_is_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_DEFAULT_REGION")
    with pytest.raises(UsageError, match="no region is set: name a --region"):
        sessions.accounts(scope("http://127.0.0.1:1", regions=()))
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    with pytest.raises(UsageError, match="no credentials for AWS: name a --profile"):
        sessions.accounts(scope("http://127.0.0.1:1"))


def test_without_boto3_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(UsageError, match=r"pip install 'archproof\[aws\]'"):
        sessions.accounts(scope("http://127.0.0.1:1"))


def test_an_account_is_read_into_memory_with_what_was_listed() -> None:
    def answers(q: Question) -> Reply | None:
        if q.operation == "GetQueueAttributes":
            arn = f"arn:aws:sqs:eu-west-1:{ACCOUNT}:{q.said['QueueUrl'].rpartition('/')[2]}"
            return 200, json.dumps({"Attributes": {"QueueArn": arn, "DelaySeconds": "5"}})
        return queues(q)

    with double(answers) as aws:
        live = account.read(scope(aws.url, types=frozenset({"AWS::SQS::Queue"})))
    assert len(live.resources.of_type("AWS::SQS::Queue")) == 20
    assert live.was_listed(ACCOUNT, "eu-west-1", "AWS::SQS::Queue")
    assert not live.was_listed(ACCOUNT, "eu-north-1", "AWS::SQS::Queue")
    assert live.calls > 20


def test_who_cannot_be_signed_in_to_is_unread_in_memory_and_in_a_folder(tmp_path: Path) -> None:
    denied = "<ErrorResponse><Error><Code>AccessDenied</Code><Message>no</Message></Error></ErrorResponse>"

    def answers(q: Question) -> Reply | None:
        return (403, denied) if q.operation == "AssumeRole" else None

    role = "arn:aws:iam::444455556666:role/Audit"
    expected = Unread(f"{role}: AccessDenied: no", "denied", "444455556666", operation="sts:GetCallerIdentity")
    with double(answers) as aws:
        said = scope(aws.url, roles=(role,), types=frozenset({"AWS::EC2::VPC"}))
        assert account.read(said).unread == [expected]
        assert account.snapshot(said, tmp_path / "s").unread == [expected]
    from archproof.sources.reading import Probe
    from archproof.sources.responses._living import of_files

    live = of_files([Probe(tmp_path / "s" / "sts.GetCallerIdentity.json")])
    assert live.unread == [expected]


def test_details_are_asked_only_of_what_the_lists_make_one_choose() -> None:
    def answers(q: Question) -> Reply | None:
        if q.service != "lambda":
            return None
        if q.operation == "GET /2015-03-31/functions":
            arn = f"arn:aws:lambda:eu-west-1:{ACCOUNT}:function:"
            held = [{"FunctionName": f"f{n}", "FunctionArn": f"{arn}f{n}", "Timeout": n} for n in range(30)]
            return 200, json.dumps({"Functions": held})
        return 404, json_error("ResourceNotFoundException")

    def choose(live: Any) -> Any:
        functions = live.resources.of_type("AWS::Lambda::Function")
        assert len(functions) == 30
        chosen = {r.physical_id for r in functions if r.properties["Timeout"] == 7}
        yield lambda call, said, thing: said.get("FunctionName", thing["FunctionName"]) in chosen

    types = frozenset({"AWS::Lambda::Function"})
    with double(answers) as aws:
        live = account.read(scope(aws.url, types=types), choose=choose)
        asked = {q.operation for q in aws.asked if q.service == "lambda"}
        assert aws.count("GET /2015-03-31/functions") == 1
    stacks = 1  # which stacks there are is asked whatever is wanted
    assert live.calls == len([q for q in aws.asked if q.service == "lambda"]) + stacks
    assert len(asked) > 2 and all("functions/" not in path or "f7" in path for path in asked)
    assert len(live.resources.of_type("AWS::Lambda::Function")) == 30
