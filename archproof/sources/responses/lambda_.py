"""Lambda functions, their permissions, triggers, versions, aliases and layers."""

from __future__ import annotations

from typing import Any

from archproof.sources.responses._call import ALL, Call, Per, listing
from archproof.sources.responses._item import Item, Props, document, only
from archproof.sources.responses._snapshot import Snapshot, detail, nothing, tagged

KEYS = {
    "Functions": "FunctionArn", "Configuration": "FunctionArn", ".FunctionArn": "FunctionArn",
    "EventSourceMappings": "EventSourceArn", ".EventSourceArn": "EventSourceArn", "Layers": "LayerArn",
    "FunctionUrlConfigs": "FunctionUrl", ".FunctionUrl": "FunctionUrl", "Code": "RepositoryType",
    "Aliases": "FunctionVersion", "FunctionEventInvokeConfigs": "FunctionArn", "Versions": "FunctionArn",
}  # fmt: skip
LATER = (
    "lambda:GetFunctionCodeSigningConfig", "lambda:GetRuntimeManagementConfig", "lambda:ListTags",
    "lambda:GetFunctionConcurrency", "lambda:GetFunctionRecursionConfig", "lambda:GetFunction", "lambda:GetPolicy",
    "FunctionEventInvokeConfigs", "FunctionUrlConfigs", ".FunctionUrl", "Aliases", "EventSourceMappings",
    ".EventSourceArn", "Versions",
)  # fmt: skip

FUNCTION = "AWS::Lambda::Function"
_MAPPING = "AWS::Lambda::EventSourceMapping"
_FUNCTIONS = Per("ListFunctions", "Functions[]", {"FunctionName": "FunctionName"})
_ARNS = {"Resource": "FunctionArn"}
CALLS = (
    Call("lambda", "ListFunctions", "Functions", (FUNCTION,), gives={FUNCTION: (ALL,)}),
    Call("lambda", "ListTags", ".Tags", gives={FUNCTION: ("Tags",)}, per=Per("ListFunctions", "Functions[]", _ARNS)),
    Call("lambda", "GetFunctionConcurrency", ".ReservedConcurrentExecutions",
         gives={FUNCTION: ("ReservedConcurrentExecutions",)}, per=_FUNCTIONS),
    Call("lambda", "GetFunctionRecursionConfig", ".RecursiveLoop", gives={FUNCTION: ("RecursiveLoop",)},
         per=_FUNCTIONS),
    Call("lambda", "GetRuntimeManagementConfig", ".UpdateRuntimeOn", gives={FUNCTION: ("RuntimeManagementConfig",)},
         per=_FUNCTIONS),
    Call("lambda", "GetFunctionCodeSigningConfig", ".CodeSigningConfigArn", gives={FUNCTION: ("CodeSigningConfigArn",)},
         per=_FUNCTIONS),
    Call("lambda", "GetFunction", "Configuration", gives={FUNCTION: ("Code",)},
         per=Per("ListFunctions", "Functions[?PackageType=='Image']", {"FunctionName": "FunctionName"})),
    listing("lambda", "GetPolicy", ".Policy", "AWS::Lambda::Permission", per=_FUNCTIONS,
            absent=("ResourceNotFoundException",)),
    listing("lambda", "ListEventSourceMappings", "EventSourceMappings", "AWS::Lambda::EventSourceMapping",
            gives={"AWS::Lambda::EventSourceMapping": (ALL, "Enabled", "FilterCriteria", "DestinationConfig")}),
    Call("lambda", "ListTags", ".Tags", gives={_MAPPING: ("Tags",)},
         per=Per("ListEventSourceMappings", "EventSourceMappings[?EventSourceMappingArn]",
                 {"Resource": "EventSourceMappingArn"})),
    listing("lambda", "ListAliases", "Aliases", "AWS::Lambda::Alias", per=_FUNCTIONS),
    listing("lambda", "ListFunctionUrlConfigs", "FunctionUrlConfigs", "AWS::Lambda::Url", per=_FUNCTIONS),
    listing("lambda", "ListFunctionEventInvokeConfigs", "FunctionEventInvokeConfigs", "AWS::Lambda::EventInvokeConfig",
            per=_FUNCTIONS),
    listing("lambda", "ListLayers", "Layers", "AWS::Lambda::LayerVersion",
            gives={"AWS::Lambda::LayerVersion": ("LayerName", "Description", "CompatibleRuntimes",
                                                 "CompatibleArchitectures", "LicenseInfo")}),
)  # fmt: skip
_VERSION = "AWS::Lambda::Version"
ON_DEMAND = (_VERSION,)
"""The types that are asked for only where they are wanted by name."""


def calls_for(types: frozenset[str] | None = None) -> tuple[Call, ...]:
    """The versions of functions, of which each deployment leaves one: only where a system declares some."""
    if types is None or _VERSION not in types:
        return ()
    given = {_VERSION: ("FunctionName", "Description", "CodeSha256")}
    return (Call("lambda", "ListVersionsByFunction", "Versions", (_VERSION,), gives=given, per=_FUNCTIONS),)


_SAME = (
    "FunctionName",
    "Runtime",
    "Role",
    "Handler",
    "Description",
    "Timeout",
    "MemorySize",
    "PackageType",
    "Architectures",
    "FileSystemConfigs",
    "ImageConfig",
    "LoggingConfig",
    "SnapStart",
    "DurableConfig",
)


def _function(item: Item, snapshot: Snapshot) -> None:
    props = item.props(*_SAME, KmsKeyArn="KMSKeyArn")
    variables = item.get("Environment.Variables")
    if isinstance(variables, dict) and variables:
        props.set("Environment.Variables", variables, "Environment", "Variables")
    for path, layer in item.entries("Layers"):
        props.append("Layers", layer.get("Arn"), *path)
    for key, inner in (("DeadLetterConfig", ("TargetArn",)), ("TracingConfig", ("Mode",)),
                        ("EphemeralStorage", ("Size",)), ("SnapStart", ("ApplyOn",))):  # fmt: skip
        found = only(item.get(key), *inner)
        props.looked.add(key)
        if found:
            props.set(key, found, key)
    image = only(item.get("ImageConfigResponse.ImageConfig"), "EntryPoint", "Command", "WorkingDirectory")
    if image:
        props.set("ImageConfig", image, "ImageConfigResponse", "ImageConfig")
    props.looked |= {"Environment", "Layers", "VpcConfig"}
    vpc = only(item.get("VpcConfig"), "SubnetIds", "SecurityGroupIds", "Ipv6AllowedForDualStack")
    if vpc.get("SubnetIds") if isinstance(vpc, dict) else False:
        props.set("VpcConfig", vpc, "VpcConfig")
    _around(item, props)
    if snapshot.live and "ImageUri" not in props.values.get("Code", ()):
        props.values.pop("Code", None)
    name = item.text("FunctionName")
    arn = str(item.get("FunctionArn"))
    arn = ":".join(arn.split(":")[:7])  # without the version
    snapshot.add(item, FUNCTION, name, props, arn=arn, name=name)


def _runtime(item: Item, snapshot: Snapshot) -> None:
    """When a function's runtime is updated."""
    found = snapshot.told_by_path(item, FUNCTION)
    if found is not None:
        props = Props(item)
        props.set("RuntimeManagementConfig", only(item.value, "UpdateRuntimeOn", "RuntimeVersionArn"))
        snapshot.extend(found, item, props)


def _image(item: Item, snapshot: Snapshot) -> None:
    """The image of a function; everything else the list tells."""
    found = snapshot.told_by_path(item, FUNCTION)
    code = item.around.get("Code")
    if found is not None and isinstance(code, dict) and code.get("ImageUri"):
        props = Props(item)
        props.set("Code", {"ImageUri": code["ImageUri"]})
        snapshot.extend(found, item, props)


def _around(item: Item, props: Props) -> None:
    """What `get-function` says beside the configuration; the code itself is a link that expires, and not taken."""
    code = item.around.get("Code")
    image = code.get("ImageUri") if isinstance(code, dict) else None
    props.values["Code"] = {"ImageUri": image} if image else {"ZipFile": "# the code is not part of what AWS describes"}
    if item.get("PackageType") == "Image" and not image:
        props.values.pop("Code")
    tags = item.around.get("Tags")
    if "Tags" not in props.values and isinstance(tags, dict) and item.key == "Configuration":
        kept = [{"Key": k, "Value": v} for k, v in tags.items() if not k.startswith("aws:")]
        props.values.update({"Tags": kept} if kept else {})
    concurrency = item.around.get("Concurrency")
    if isinstance(concurrency, dict) and "ReservedConcurrentExecutions" in concurrency:
        props.values["ReservedConcurrentExecutions"] = concurrency["ReservedConcurrentExecutions"]


def permissions(item: Item, policy: dict[str, Any], snapshot: Snapshot) -> None:
    """The permissions that a function's policy is made of (`lambda get-policy`)."""
    statements = policy.get("Statement")
    for number, statement in enumerate(statements if isinstance(statements, list) else [statements]):
        if not isinstance(statement, dict):
            continue
        principal = statement.get("Principal")
        if isinstance(principal, dict):
            principal = principal.get("Service") or principal.get("AWS")
        props = Props(item)
        props.set("FunctionName", statement.get("Resource"), "Policy")
        props.set("Action", statement.get("Action"), "Policy")
        props.set("Principal", principal, "Policy")
        condition = statement.get("Condition") or {}
        for operator in ("ArnLike", "ArnEquals", "StringEquals", "StringLike"):
            said = {k.lower(): v for k, v in (condition.get(operator) or {}).items()}
            for key, name in (("aws:sourcearn", "SourceArn"), ("aws:sourceaccount", "SourceAccount"),
                              ("aws:principalorgid", "PrincipalOrgID"),
                              ("lambda:functionurlauthtype", "FunctionUrlAuthType")):  # fmt: skip
                if isinstance(said.get(key), str):
                    props.set(name, said[key], "Policy")
        found = snapshot.find(FUNCTION, ":".join(str(statement.get("Resource")).split(":")[:7]))
        of = found.logical_id if found else "Function"
        id = f"{statement.get('Resource')}|{statement.get('Sid', number)}"
        snapshot.add(item, "AWS::Lambda::Permission", id, props, call=f"{of} Permission {statement.get('Sid', number)}")


def _mapping(item: Item, snapshot: Snapshot) -> None:
    props = item.props(
        "EventSourceArn", "BatchSize", "MaximumBatchingWindowInSeconds", "StartingPosition", "FunctionResponseTypes",
        "MaximumRecordAgeInSeconds", "BisectBatchOnFunctionError", "MaximumRetryAttempts", "ParallelizationFactor",
        "TumblingWindowInSeconds", "KmsKeyArn", "ProvisionedPollerConfig", "MetricsConfig", "LoggingConfig",
        "AmazonManagedKafkaEventSourceConfig", "SelfManagedKafkaEventSourceConfig", "SelfManagedEventSource",
        "DocumentDBEventSourceConfig", "StartingPositionTimestamp",
        "Topics", "Queues", "SourceAccessConfigurations", "ScalingConfig",
        FunctionName="FunctionArn",
    )  # fmt: skip
    for key in ("FilterCriteria", "DestinationConfig"):
        found = item.get(key)
        if isinstance(found, dict) and any(found.values()):
            props.set(key, found, key)
    if item.get("State") in ("Disabled", "Disabling"):
        props.set("Enabled", False, "State")
    elif snapshot.live:
        props.set("Enabled", True, "State")
    id = item.text("UUID")
    function = str(item.get("FunctionArn")).rpartition(":")[2]
    source = str(item.get("EventSourceArn")).partition("/stream/")[0].rpartition(":")[2]
    call = f"{function} {source} EventSourceMapping"
    mapped = id or f"{function}|{source}"
    told = {"EventSourceMappingArn": item.text("EventSourceMappingArn")}
    snapshot.add(item, _MAPPING, mapped, props, attributes=told, call=call)


def _policy(item: Item, snapshot: Snapshot) -> None:
    policy = document(item.get("Policy"))
    if isinstance(policy, dict):
        permissions(item, policy, snapshot)
    else:
        snapshot.unreadable(item, "the policy is no JSON")


def _invoke_config(item: Item, snapshot: Snapshot) -> None:
    """How a function is called asynchronously; its ARN ends with what it is said of."""
    arn = str(item.get("FunctionArn")).split(":")
    props = item.props("DestinationConfig", "MaximumEventAgeInSeconds", "MaximumRetryAttempts")
    qualifier = arn[7] if len(arn) > 7 else "$LATEST"
    props.set("FunctionName", ":".join(arn[6:7]), "FunctionArn")
    props.set("Qualifier", qualifier, "FunctionArn")
    snapshot.add(item, "AWS::Lambda::EventInvokeConfig", ":".join([*arn[:7], qualifier]), props,
                 call=f"{arn[6:7]} {qualifier} EventInvokeConfig")  # fmt: skip


def _layer(item: Item, snapshot: Snapshot) -> None:
    """A layer: each of its versions is a resource of its own, and the last one is what a template keeps."""
    props = item.props("LayerName")
    latest = item.inner(item.get("LatestMatchingVersion") or {}, ("LatestMatchingVersion",))
    for name in ("Description", "CompatibleRuntimes", "CompatibleArchitectures", "LicenseInfo"):
        if latest.get(name):
            props.set(name, latest.get(name), "LatestMatchingVersion", name)
    arn = latest.text("LayerVersionArn") if snapshot.live else None
    snapshot.add(item, "AWS::Lambda::LayerVersion", arn or item.text("LayerArn"), props, name=item.text("LayerName"))


def _url(item: Item, snapshot: Snapshot) -> None:
    props = item.props("AuthType", "Cors", "InvokeMode", TargetFunctionArn="FunctionArn")
    snapshot.add(item, "AWS::Lambda::Url", item.text("FunctionUrl"), props, ref=item.text("FunctionArn"),
                 call=f"{str(item.get('FunctionArn')).rpartition(':')[2]} Url")  # fmt: skip


def _alias(item: Item, snapshot: Snapshot) -> None:
    props = item.props("Name", "FunctionVersion", "Description")
    arn = str(item.get("AliasArn"))
    props.set("FunctionName", arn.rpartition(":")[0], "AliasArn")
    snapshot.add(item, "AWS::Lambda::Alias", arn, props, call=f"{' '.join(arn.split(':')[6:])} Alias")


def _version(item: Item, snapshot: Snapshot) -> None:
    """A version that was published: it is told by its function and its number, and `$LATEST` is none."""
    number = item.text("Version")
    if number == "$LATEST":
        return
    if not snapshot.live:
        snapshot.left_out(item, "published versions of functions")
        return
    arn = ":".join([*str(item.get("FunctionArn")).split(":")[:7], str(number)])
    props = Props(item)
    for name in ("FunctionName", "Description", "CodeSha256"):
        props.take(name, name)
    call = f"{item.text('FunctionName')} Version {number}"
    told = {"FunctionArn": arn}
    found = snapshot.add(item, _VERSION, arn if number else None, props, attributes=told, call=call)
    if found is not None and number:
        # a mere number names nothing by itself, so that nobody may find the version by it alone
        snapshot.returned[found.logical_id]["Version"] = number


READERS = {
    "Functions": _function,
    "Configuration": _function,
    ".FunctionArn": _function,
    "EventSourceMappings": _mapping,
    ".EventSourceArn": _mapping,
    "FunctionUrlConfigs": _url,
    ".FunctionUrl": _url,
    "Aliases": _alias,
    "Versions": _version,
    "Layers": _layer,
    "lambda:ListTags": tagged(FUNCTION, _MAPPING),
    "lambda:GetFunctionConcurrency": detail(FUNCTION, ReservedConcurrentExecutions="ReservedConcurrentExecutions"),
    "lambda:GetFunctionRecursionConfig": detail(FUNCTION, RecursiveLoop="RecursiveLoop"),
    "lambda:GetFunctionCodeSigningConfig": detail(FUNCTION, CodeSigningConfigArn="CodeSigningConfigArn"),
    "lambda:GetRuntimeManagementConfig": _runtime,
    "lambda:GetFunction": _image,
    "lambda:GetPolicy": _policy,
    "FunctionEventInvokeConfigs": _invoke_config,
    "Code": nothing,
}
