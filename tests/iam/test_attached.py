"""Who may do what in whole systems, read from resources."""

from __future__ import annotations

from archproof.iam.attached import Attached, attached
from archproof.iam.globs import plain
from archproof.iam.requests import Context, Principal
from archproof.model.architecture import loads
from archproof.resources.lowering import lower

SYSTEM = """\
archproof: 1
system: {name: shop, region: eu-west-1, account: "111111111111"}
components:
  orders: {kind: lambda, timeout_s: 5}
  jobs: {kind: sqs_queue}
  others: {kind: sqs_queue, physical_name: others}
  news: {kind: sns_topic}
  files: {kind: s3_bucket, physical_name: shop-files}
  bounded:
    type: AWS::IAM::Role
    properties:
      AssumeRolePolicyDocument: {Statement: [{Effect: Allow, Principal: "*", Action: "sts:AssumeRole"}]}
      PermissionsBoundary: !Ref limit
      ManagedPolicyArns: ["arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"]
      Policies:
        - PolicyName: own
          PolicyDocument:
            Statement:
              - {Effect: Allow, Action: "sqs:*", Resource: "*"}
              - {Effect: Allow, Action: "s3:GetObject", Resource: !Sub "${files.Arn}/public/*"}
              - {Effect: Deny, Action: "sqs:DeleteQueue", Resource: !GetAtt others.Arn}
  limit:
    type: AWS::IAM::ManagedPolicy
    properties:
      PolicyDocument: {Statement: [{Effect: Allow, NotAction: "sqs:PurgeQueue", Resource: "*"}]}
  passer:
    type: AWS::IAM::Policy
    properties:
      PolicyName: pass
      Roles: [!Ref admin]
      PolicyDocument: {Statement: [{Effect: Allow, Action: "iam:PassRole", Resource: !GetAtt bounded.Arn}]}
  admin:
    type: AWS::IAM::Role
    properties:
      AssumeRolePolicyDocument: {Statement: [{Effect: Allow, Principal: "*", Action: "sts:AssumeRole"}]}
      ManagedPolicyArns: ["arn:aws:iam::aws:policy/SomethingElse"]
links:
  - {from: orders, to: jobs, verb: send}
  - {from: news, to: orders, verb: subscribe}
"""


def system() -> Attached:
    return attached(lower(loads(SYSTEM)))


def ask(role: str, action: str, on: str, arn: str = "") -> str:
    held = system()
    suffix = {"files": f"{held.names.arn(held.resources['Files'])}/{arn}"}.get(on.lower()) if arn else None
    return held.decide(held.resources[role], action, held.resources[on], arn=suffix).verdict


def test_a_link_lets_its_function_do_that_and_nothing_else():
    assert ask("OrdersRole", "sqs:SendMessage", "Jobs") == "allowed"
    assert ask("OrdersRole", "sqs:ReceiveMessage", "Jobs") == "denied"
    assert ask("OrdersRole", "sqs:SendMessage", "Others") == "denied"


def test_a_deny_a_boundary_and_a_path_limit_a_role():
    assert ask("Bounded", "sqs:SendMessage", "Others") == "allowed"
    assert ask("Bounded", "sqs:DeleteQueue", "Others") == "denied"
    assert ask("Bounded", "sqs:PurgeQueue", "Jobs") == "denied"
    assert ask("Bounded", "s3:GetObject", "Files", "public/a.txt") == "allowed"
    assert ask("Bounded", "s3:GetObject", "Files", "private/a.txt") == "denied"


def test_a_managed_policy_that_no_table_knows_may_allow_anything():
    held = system()
    decision = held.decide(held.resources["Admin"], "sqs:SendMessage", held.resources["Jobs"])
    assert decision.verdict == "unknown"
    assert decision.reasons[-1].because == "the policy arn:aws:iam::aws:policy/SomethingElse is not known here"
    assert decision.reasons[-1].location is not None and decision.reasons[-1].location.line == 36


def test_a_policy_that_only_names_a_role_is_not_that_roles_own():
    held = system()
    assert held.any(held.resources["Bounded"], "iam:PassRole") is False
    assert held.any(held.resources["Admin"], "iam:PassRole") is True


def test_a_permission_lets_its_service_in_for_its_source_only():
    held = system()
    function, topic = held.resources["Orders"], held.resources["News"]

    def by(source: str) -> str:
        service = Principal("service", "sns.amazonaws.com")
        context = Context({"aws:sourcearn": (source,)}, complete=True)
        return held.decide(service, "lambda:InvokeFunction", function, context=context).verdict

    assert by(held.names.arn(topic)) == "allowed"
    assert by("arn:aws:sns:eu-west-1:111111111111:elsewhere") == "conditional"  # nobody knows the topic's name yet
    assert by("arn:aws:sns:eu-west-1:222222222222:elsewhere") == "denied"


def test_the_arn_of_a_resource_holds_what_is_known_of_it():
    held = system()
    names = held.names
    assert plain(names.arn(held.resources["Others"])) == "arn:aws:sqs:eu-west-1:111111111111:others"
    assert plain(names.arn(held.resources["Jobs"])) == "arn:aws:sqs:eu-west-1:111111111111:${Jobs}"
    assert names.text({"Fn::Sub": "arn:${AWS::Partition}:s3:::${Files}/${!literal}"}) == (
        "arn:aws:s3:::shop-files/${literal}"
    )
    assert plain(names.text({"Fn::Join": ["-", ["a", {"Ref": "Nobody"}, 3]]})) == "a-${Nobody}-3"
