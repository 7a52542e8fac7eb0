"""Policies of an organization: given with a model or among the resources, they limit and never grant."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from archproof.errors import InputError
from archproof.model.architecture import load, loads
from archproof.proofs.connection import Proof, Prover
from archproof.resources.lowering import lower
from archproof.resources.resource import Resource, Resources

HERE, THERE, MANAGER = "111111111111", "222222222222", "999999999999"
ORGANIZATION = "o-a1b2c3d4e5"
MODEL = """\
archproof: 1
system: {name: shop, region: eu-west-1, account: "111111111111"}
organization:
SAID
components:
  fn: {kind: lambda}
  jobs: {kind: sqs_queue}
links:
  - {from: fn, to: jobs, verb: send}
"""


def model(said: str) -> str:
    return MODEL.replace("SAID", "\n".join(f"  {line}" for line in said.splitlines()))


def ask(said: str, target: str = "jobs", *actions: str) -> Proof:
    architecture = loads(model(said))
    return Prover(lower(architecture), architecture).ask("fn", target, actions=actions)


def outcome(proof: Proof) -> tuple[str, list[str]]:
    first = proof.needed[0]
    return first.verdict, [r.code for r in first.reasons if r.code]


ALLOW_SQS = "{allow: 'sqs:*'}"
DENY_SEND = "{deny: 'sqs:SendMessage'}"
DENY_OTHER = "{deny: 's3:*'}"


@pytest.mark.parametrize(
    ("root", "account", "verdict", "codes"),
    [
        ("FullAWSAccess", "FullAWSAccess", "allowed", []),
        (DENY_OTHER, DENY_OTHER, "allowed", []),  # FullAWSAccess stays beside what only denies
        (ALLOW_SQS, "FullAWSAccess", "allowed", []),
        ("{allow: 's3:*'}", "FullAWSAccess", "denied", ["IAM_IMPLICIT_DENY"]),
        ("FullAWSAccess", "{allow: 's3:*'}", "denied", ["IAM_IMPLICIT_DENY"]),
        ("{allow: 's3:*'}", "{allow: 's3:*'}", "denied", ["IAM_IMPLICIT_DENY"] * 2),
        ("['FullAWSAccess', {allow: 's3:*'}]", ALLOW_SQS, "allowed", []),
        (DENY_SEND, "FullAWSAccess", "denied", ["IAM_EXPLICIT_DENY"]),
        ("FullAWSAccess", DENY_SEND, "denied", ["IAM_EXPLICIT_DENY"]),
        ("{deny_all_but: 'sqs:*'}", "FullAWSAccess", "allowed", []),
        ("{deny_all_but: 's3:*'}", "FullAWSAccess", "denied", ["IAM_EXPLICIT_DENY"]),
        ("{deny: '*', on: 'arn:aws:s3:::*'}", "FullAWSAccess", "allowed", []),
    ],
)
def test_service_control_policies(root, account, verdict, codes):
    assert outcome(ask(f"service_controls: {{root: {root}, shop: {account}}}")) == (verdict, codes)


@pytest.mark.parametrize(
    ("said", "target", "verdict", "codes"),
    [
        ("{deny: 'sqs:*'}", "jobs", "denied", ["IAM_EXPLICIT_DENY"]),
        ("{deny: 's3:*'}", "jobs", "allowed", []),
        ("{deny: '*', when: {StringNotEquals: {'aws:PrincipalOrgID': o-a1b2c3d4e5}}}", "jobs", "allowed", []),
        ("{deny: '*', when: {StringNotEquals: {'aws:PrincipalOrgID': o-zzzzzzzzzz}}}", "jobs", "denied",
         ["IAM_EXPLICIT_DENY"]),
        ("{deny: '*', when: {StringEquals: {'aws:ResourceAccount': '111111111111'}}}", "jobs", "denied",
         ["IAM_EXPLICIT_DENY"]),
        ("{deny: '*', when: {StringEquals: {'aws:PrincipalTag/team': red}}}", "jobs", "conditional", []),
        ("RCPFullAWSAccess", "jobs", "allowed", []),
    ],
)  # fmt: skip
def test_resource_control_policies(said, target, verdict, codes):
    text = f"id: {ORGANIZATION}\nresource_controls: {{root: [{said}]}}"
    assert outcome(ask(text, target)) == (verdict, codes)


def test_they_limit_only_the_services_that_know_them():
    said = "resource_controls: {root: {deny: '*'}}"
    architecture = loads(model(said))
    prover = Prover(lower(architecture), architecture)
    controls = prover.permissions.attached.controls
    caller = prover.permissions.attached.principal(prover.resources.of_type("AWS::IAM::Role")[0])
    assert controls.of_resource(caller, "sqs:SendMessage", HERE)
    assert controls.of_resource(caller, "sns:Publish", HERE) == []


def test_a_denial_names_the_policy_and_its_line():
    proof = ask("service_controls:\n  root: FullAWSAccess\n  shop:\n    - {sid: NoSqs, deny: 'sqs:*'}")
    (blocker,) = proof.as_dict()["blockers"]
    assert blocker["because"] == (
        "fn may not sqs:SendMessage on jobs: the statement 'NoSqs' of a service control policy denies it"
    )
    assert (blocker["location"]["file"], blocker["location"]["line"]) == ("architecture.yaml", 7)


def test_what_a_level_does_not_allow_is_told_at_that_level():
    proof = ask("service_controls:\n  root: {allow: 's3:*'}")
    (blocker,) = proof.as_dict()["blockers"]
    assert blocker["because"].endswith("a service control policy does not allow sqs:SendMessage")
    assert blocker["location"]["line"] == 5


def test_the_region_of_a_call_is_known():
    outside = "{deny_all_but: 'iam:*', when: {StringNotEquals: {'aws:RequestedRegion': REGION}}}"
    said = "service_controls: {root: [" + outside + "]}"
    assert outcome(ask(said.replace("REGION", "eu-west-1")))[0] == "allowed"
    assert outcome(ask(said.replace("REGION", "us-east-1")))[0] == "denied"


def test_the_management_account_is_not_limited():
    controls = f"service_controls: {{root: {DENY_SEND}}}\nresource_controls: {{root: {DENY_SEND}}}"
    said = f"management_account: '{HERE}'\n{controls}"
    assert outcome(ask(said)) == ("allowed", [])
    assert outcome(ask(said.replace(HERE, MANAGER)))[0] == "denied"


def test_they_grant_nothing():
    proof = ask("service_controls: {root: {allow: '*'}}", "jobs", "sqs:DeleteQueue")
    assert outcome(proof) == ("denied", ["IAM_IMPLICIT_DENY"])


def test_nothing_is_made_of_an_organization():
    plain = loads(model("id: o-a1b2c3d4e5").replace("organization:\n  id: o-a1b2c3d4e5\n", ""))
    limited = loads(model(f"service_controls: {{root: {DENY_SEND}}}"))
    assert [(r.logical_id, r.properties) for r in lower(limited)] == [
        (r.logical_id, r.properties) for r in lower(plain)
    ]


# -- files


def test_a_policy_may_stand_in_a_file_and_is_told_by_its_line(tmp_path: Path):
    (tmp_path / "policies").mkdir()
    statement = '    {"Sid": "Never", "Effect": "Deny", "Action": "sqs:*", "Resource": "*"}\n'
    (tmp_path / "policies" / "guard.json").write_text('{"Statement": [\n' + statement + "]}\n")
    (tmp_path / "model.yaml").write_text(model("service_controls: {root: policies/guard.json}"))
    architecture = load(tmp_path / "model.yaml")
    proof = Prover(lower(architecture), architecture).ask("fn", "jobs")
    assert outcome(proof) == ("denied", ["IAM_EXPLICIT_DENY"])
    place = proof.needed[0].reasons[0].location
    assert place is not None
    assert (place.file, place.line) == (str(tmp_path / "policies" / "guard.json"), 2)


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("none.json", None, "'none.json': no such file; expected a file with a policy, or FullAWSAccess"),
        ("../up.json", "{}", "'../up.json' lies outside the folder of"),
        ("list.json", "[]", "'list.json' holds no policy: expected a map with a Statement; found a list"),
        ("broken.json", "{", "broken.json"),
    ],
)
def test_what_is_no_policy_is_an_error_with_its_place(tmp_path: Path, name: str, content: str | None, message: str):
    if content is not None:
        (tmp_path / name).write_text(content)
    (tmp_path / "model.yaml").write_text(model(f"service_controls: {{root: {name}}}"))
    with pytest.raises(InputError) as error:
        load(tmp_path / "model.yaml")
    assert message in str(error.value)


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ("resource_controls: {root: {allow: 'sqs:*'}}", "'root': a resource control policy only denies"),
        ("service_controls: {root: {sid: x}}", "a policy is exactly one of file, aws, allow, deny, deny_all_but"),
        ("service_controls: {root: {file: a.json, sid: x}}", "a policy by 'file' says nothing beside it"),
        ("service_controls: {root: {denied: x}}", "unknown key 'denied'"),
        ("management_account: 999999999999", "'management_account'"),
    ],
)
def test_what_cannot_be_meant_is_an_error(said: str, message: str):
    with pytest.raises(InputError) as error:
        loads(model(said))
    assert message in str(error.value)


# -- among the resources


def system(*more: Resource, account: str | None = HERE) -> Prover:
    resources = Resources("eu-west-1", account)
    resources.format = "cloudformation"
    role = {"Policies": [{"PolicyName": "own", "PolicyDocument": allowing("sqs:*")}]}
    resources.add(Resource("Role", "AWS::IAM::Role", role))
    resources.add(Resource("Fn", "AWS::Lambda::Function", {"Role": {"Fn::GetAtt": ["Role", "Arn"]}}))
    resources.add(Resource("Jobs", "AWS::SQS::Queue", {}))
    for resource in more:
        resources.add(resource)
    return Prover(resources)


def allowing(action: str, effect: str = "Allow") -> dict[str, Any]:
    return {"Statement": [{"Effect": effect, "Action": action, "Resource": "*"}]}


def control(*targets: Any, text: bool = False, kind: str = "SERVICE", **more: Any) -> Resource:
    content: Any = allowing("sqs:SendMessage", "Deny")
    properties = {"Name": "guard", "Type": f"{kind}_CONTROL_POLICY", "TargetIds": list(targets), **more}
    properties["Content"] = json.dumps(content) if text else content
    return Resource("Guard", "AWS::Organizations::Policy", properties)


def account(parent: Any) -> Resource:
    return Resource("Shop", "AWS::Organizations::Account", {"ParentIds": [parent]}, physical_id=HERE)


UNIT = Resource("Unit", "AWS::Organizations::OrganizationalUnit", {"ParentId": "r-ab12"})
OTHER = Resource("Other", "AWS::Organizations::OrganizationalUnit", {"ParentId": "r-ab12"})


@pytest.mark.parametrize(
    ("target", "verdict"),
    [
        (HERE, "denied"),
        (THERE, "allowed"),
        ({"Ref": "Shop"}, "denied"),
        ({"Ref": "Unit"}, "denied"),
        ("r-ab12", "denied"),
        ({"Ref": "Other"}, "allowed"),
        ({"Ref": "Parameter"}, "conditional"),
    ],
)
@pytest.mark.parametrize("text", [False, True])
def test_a_policy_of_the_resources_limits_what_is_below_its_targets(target, verdict, text):
    prover = system(UNIT, OTHER, account({"Ref": "Unit"}), control(target, text=text))
    proof = prover.ask("Fn", "Jobs", actions=["sqs:SendMessage"])
    assert proof.needed[0].verdict == verdict


@pytest.mark.parametrize(
    ("target", "verdict"),
    [(HERE, "denied"), (THERE, "allowed"), ("ou-ab12-cd34ef56", "conditional"), ("r-ab12", "conditional")],
)
def test_where_the_account_is_not_placed_a_policy_above_it_limits_it_perhaps(target, verdict):
    proof = system(control(target)).ask("Fn", "Jobs", actions=["sqs:SendMessage"])
    assert proof.needed[0].verdict == verdict
    if verdict == "conditional":
        assert proof.needed[0].keys == ("aws:PrincipalOrgPaths",)


def test_a_resource_control_policy_of_the_resources_limits_the_resource():
    proof = system(control(HERE, kind="RESOURCE")).ask("Fn", "Jobs", actions=["sqs:SendMessage"])
    assert proof.denials[0][1:3] == (
        "IAM_EXPLICIT_DENY",
        "Role may not sqs:SendMessage on Jobs: the statement of a resource control policy denies it",
    )
    assert system(control(HERE, kind="RESOURCE")).ask("Fn", "Jobs", actions=["sqs:PurgeQueue"]).denials == []


def test_a_service_linked_role_is_not_limited():
    prover = system(control(HERE))
    controls = prover.permissions.attached.controls
    role = prover.permissions.attached.principal(prover.resources["Role"])
    assert len(controls.of_caller(role)) == 1
    linked = role._replace(arn=f"arn:aws:iam::{HERE}:role/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS")
    assert controls.of_caller(linked) == []
    assert controls.of_resource(linked, "sqs:SendMessage", HERE) == []
