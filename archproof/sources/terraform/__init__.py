"""Terraform resources in CloudFormation shape: what the plan, state and HCL readers share.

A reader makes one `Item` of every resource instance and data source (`item`), with the values that are not
known written as `Reference`, `Template`, `Unknown` or `Sensitive` (`values`). `translate(items, resources)`
(`translation`) adds the CloudFormation resource that each item is, and says in the returned `Translation` what
became of every item: a resource of its own, a part of another one, or an unmapped node with the reason.

**A mapping module** serves one service: a module of `archproof.sources.terraform.types` with two names at
its top, found without importing the others:

    TYPES = ("aws_sqs_queue", "aws_sqs_queue_policy")        # literal: which Terraform types it maps

    MAPPINGS = {
        "aws_sqs_queue": Mapping(
            "AWS::SQS::Queue",
            "name=QueueName fifo_queue max_message_size=MaximumMessageSize redrive_policy:json",
            {"sqs_managed_sse_enabled": to("SqsManagedSseEnabled"), "block": block("Block", "inner_argument")},
            attributes="id url=Ref arn=Arn name=QueueName",
        ),
    }

* The words are arguments: `memory_size` is `MemorySize`; `name=QueueName` another name; `s3_key=Code.S3Key` a
  path; `policy=PolicyDocument:json` and `iops:nonzero` go through a converter of `convert`; `-publish` has
  no counterpart and is noted in the resource's `Metadata`, `+policy` is written by `finish`. What is null, "",
  [] or {} is absent.
* The table holds what words cannot say: `block(path, words, table)` (a nested block that may stand once),
  `blocks(…)` (a list of them), `to(path, function)` (any value, resolved, through a function; a result of None is
  absent), all of `mapping`. An empty path of a block puts its contents into the block around it.
* `tags` need no word: they become `Tags` as a list of Key and Value. `tags="map"`, `tags="Path"`,
  `tags="map:Path"` and `tags=""` (the type has none) say otherwise.
* `attributes` says what a reference to each of its attributes is: `arn=Arn` is `Fn::GetAtt`, `url=Ref` (or
  the bare word `id`) is `Ref`, `x=sub:text ${.Arn}` is `Fn::Sub` with its own name put in (and `${@argument}` the
  value of an argument of its own), `x=first:List` the first of a list that `Fn::GetAtt` gives, `id==bucket` the
  value of its own argument `bucket`. Attributes not listed give the known value, or a parameter.
* `defaults`: what the provider sets where nothing is said and AWS would do otherwise, in Terraform's words.
* `secret`: arguments that a plan or state must never show.
* `wants`: argument → attribute of what it refers to, where a plan does not tell and the argument's name does
  not (`role` of a function wants the ARN); names that end in `arn(s)` want `arn`, others `id`.
* `merge=Merge("bucket", "aws_s3_bucket")`: the item is a part of the resource that its argument `bucket`
  names; its properties go there (lists are added to), with origins at its own place. With a type beside it,
  it is a resource of its own where its target is not in the same configuration; without one, an unmapped node.
* `finish`: a function `(made: Made) -> None` for the rest, after all resources stand: `made.value("path")`,
  `made.set("Path", value, "argument")`, `made.extra("Suffix", "AWS::X::Y", {…}, "argument")` for one more resource.
* `type` may be a function `(item) -> str | None`; None is an unmapped node with the mapping's `why`.

**Data sources** are modules of the same package with `DATA = ("aws_iam_policy_document",)` and a function
`attribute(item, name, resolve) -> value or None`; known values need none.
"""

from __future__ import annotations

from archproof.sources.terraform.item import Item
from archproof.sources.terraform.translation import Translation, translate
from archproof.sources.terraform.values import Reference, Sensitive, Template, Unknown

__all__ = ["Item", "Reference", "Sensitive", "Template", "Translation", "Unknown", "translate"]
