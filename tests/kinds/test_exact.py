"""An exact system: components are what they say, and nothing is made that is not said."""

from __future__ import annotations

from archproof.model.architecture import loads
from archproof.resources.lowering import lower_model


def _made(text: str) -> dict[str, tuple[str, dict[str, object]]]:
    made = lower_model(loads(f"archproof: 1\n{text}"))
    return {r.logical_id: (r.type, r.properties) for r in made}


def test_what_no_field_says_is_left_to_aws() -> None:
    text = (
        "system: {exact: true, tags: {a: b}}\ncomponents:\n  fn: {kind: lambda, runtime: python3.13, memory_mb: 128}\n"
    )
    properties = {"Runtime": "python3.13", "MemorySize": 128, "Tags": [{"Key": "a", "Value": "b"}]}
    assert _made(text) == {"Fn": ("AWS::Lambda::Function", properties)}


def test_defaults_of_the_model_are_said() -> None:
    text = "system: {exact: true}\ndefaults: {sqs_queue: {visibility_s: 5}}\ncomponents: {jobs: {kind: sqs_queue}}\n"
    assert _made(text) == {"Jobs": ("AWS::SQS::Queue", {"VisibilityTimeout": 5})}


def test_links_make_no_rights_and_a_wired_link_makes_nothing() -> None:
    text = (
        "system: {exact: true}\ncomponents: {jobs: {kind: sqs_queue}, fn: {kind: lambda, runtime: python3.13}}\n"
        "links:\n  - {from: fn, to: jobs, verb: send}\n  - {from: jobs, to: fn, verb: trigger, wired: true}\n"
    )
    assert list(_made(text)) == ["Jobs", "Fn"]


def test_a_role_may_be_said_with_its_component() -> None:
    text = """
components:
  files: {kind: s3_bucket}
  fn:
    kind: lambda
    runtime: python3.13
    role: {managed: ReadOnlyAccess, policies: {files: {allow: "s3:GetObject", on: files/*, sid: Read}}}
    resource_attributes: {Condition: Full}
    resources: {LogGroup: null, Extra: {type: AWS::Lambda::Version, FunctionName: !Ref fn}}
stack: {conditions: {Full: !Equals [a, a]}}
"""
    made = lower_model(loads(f"archproof: 1\n{text}"))
    assert "FnLogGroup" not in made
    assert not made["Fn"].has("LoggingConfig")
    statement = {
        "Sid": "Read",
        "Effect": "Allow",
        "Action": ["s3:GetObject"],
        "Resource": {"Fn::Sub": "${Files.Arn}/*"},
    }
    role = made["FnRole"]
    assert role.get("Policies", 0, "PolicyDocument", "Statement") == [statement]
    assert role.get("ManagedPolicyArns") == [{"Fn::Sub": "arn:${AWS::Partition}:iam::aws:policy/ReadOnlyAccess"}]
    assert role.attributes == made["FnExtra"].attributes == {"Condition": "Full"}
    assert made["FnExtra"].properties == {"FunctionName": {"Ref": "Fn"}}


def test_a_stack_says_its_sections_and_its_logical_ids() -> None:
    text = """
components:
  jobs: {kind: sqs_queue, resources: {Policy: {attributes: {DeletionPolicy: Retain}}}}
stack:
  parameters: {Stage: {Type: String}}
  outputs: {Url: {Value: !Ref jobs}}
  metadata: {By: us}
  logical_ids: {Jobs: JobsQueue, JobsPolicy: JobsRules}
"""
    made = lower_model(loads(f"archproof: 1\n{text}"))
    assert list(made.all) == ["JobsQueue", "JobsRules"]
    assert made["JobsRules"].attributes["DeletionPolicy"] == "Retain"
    assert made["JobsRules"].get("Queues") == [{"Ref": "JobsQueue"}]
    assert (made.parameters, made.outputs) == ({"Stage": {"Type": "String"}}, {"Url": {"Value": {"Ref": "JobsQueue"}}})
    assert made.template == {"Metadata": {"By": "us"}}
