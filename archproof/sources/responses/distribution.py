"""What distributions of CloudFront are put together from: functions, policies, keys and identities."""

from __future__ import annotations

from typing import Any

from archproof.sources.responses._call import Call
from archproof.sources.responses._item import Item, Props
from archproof.sources.responses._snapshot import Reader, Snapshot

KEYS = {
    "FunctionList": "Items", "ResponseHeadersPolicyList": "Items", "CachePolicyList": "Items",
    "OriginRequestPolicyList": "Items", "KeyGroupList": "Items", "PublicKeyList": "Items",
    "CloudFrontOriginAccessIdentityList": "Items",
}  # fmt: skip
_CLOUDFRONT = "AWS::CloudFront::"
_PARTS = {
    "ResponseHeadersPolicyList": ("ListResponseHeadersPolicies", "ResponseHeadersPolicy"),
    "CachePolicyList": ("ListCachePolicies", "CachePolicy"),
    "OriginRequestPolicyList": ("ListOriginRequestPolicies", "OriginRequestPolicy"),
    "KeyGroupList": ("ListKeyGroups", "KeyGroup"),
}
_FUNCTION, _IDENTITY = f"{_CLOUDFRONT}Function", f"{_CLOUDFRONT}CloudFrontOriginAccessIdentity"
_PUBLIC_KEY = f"{_CLOUDFRONT}PublicKey"
CALLS = (
    *(
        Call("cloudfront", operation, key, (f"{_CLOUDFRONT}{noun}",), once=True,
             gives={f"{_CLOUDFRONT}{noun}": (f"{noun}Config",)},
             parameters={} if noun == "KeyGroup" else {"Type": "custom"})
        for key, (operation, noun) in _PARTS.items()
    ),
    Call("cloudfront", "ListFunctions", "FunctionList", (_FUNCTION,), gives={_FUNCTION: ("Name", "FunctionConfig")},
         once=True),
    Call("cloudfront", "ListPublicKeys", "PublicKeyList", (_PUBLIC_KEY,), gives={_PUBLIC_KEY: ("PublicKeyConfig",)},
         once=True),
    Call("cloudfront", "ListCloudFrontOriginAccessIdentities", "CloudFrontOriginAccessIdentityList", (_IDENTITY,),
         gives={_IDENTITY: ("CloudFrontOriginAccessIdentityConfig",)}, once=True),
)  # fmt: skip


def _flat(value: Any) -> Any:
    """CloudFront's lists with a count beside them; CloudFormation drops the count."""
    if isinstance(value, dict):
        if "Quantity" in value:
            return {k: _flat(v) for k, v in value.items() if k != "Quantity"} if value.get("Items") else {"Items": []}
        return {k: _flat(v) for k, v in value.items() if v is not None}
    return [_flat(entry) for entry in value] if isinstance(value, list) else value


def _each(noun: str) -> Reader:
    """A reader of a list whose entries hold one thing each, with its id and its configuration."""

    def read(item: Item, snapshot: Snapshot) -> None:
        for entry in item.each("Items"):
            held = entry.get(noun)
            if not isinstance(held, dict):
                continue
            inner = entry.inner(held, (noun,))
            config = inner.get(f"{noun}Config") or {}
            props = Props(inner)
            props.set(f"{noun}Config", _flat(config), f"{noun}Config")
            id = inner.text("Id")
            made_by = "aws" if entry.get("Type") == "managed" else None
            snapshot.add(inner, f"{_CLOUDFRONT}{noun}", id, props, name=config.get("Name"), made_by=made_by,
                         call=f"{config.get('Name') or id} {noun}", attributes={"Id": id})  # fmt: skip

    return read


def _functions(item: Item, snapshot: Snapshot) -> None:
    for entry in item.each("Items"):
        name = entry.text("Name")
        props = entry.props("Name", "FunctionConfig")
        arn = entry.text("FunctionMetadata.FunctionARN")
        snapshot.add(entry, _FUNCTION, arn or name, props, ref=arn, name=name, call=f"{name} EdgeFunction",
                     attributes={"FunctionARN": arn, "FunctionMetadata.FunctionARN": arn})  # fmt: skip


def _keys(item: Item, snapshot: Snapshot) -> None:
    for entry in item.each("Items"):
        said = {k: entry.get(k) for k in ("Name", "EncodedKey", "Comment") if entry.get(k)}
        props = Props(entry)
        props.set("PublicKeyConfig", said)
        snapshot.add(entry, _PUBLIC_KEY, entry.text("Id"), props, name=entry.text("Name"))


def _identities(item: Item, snapshot: Snapshot) -> None:
    for entry in item.each("Items"):
        props = Props(entry)
        props.set("CloudFrontOriginAccessIdentityConfig", {"Comment": entry.get("Comment")}, "Comment")
        id = entry.text("Id")
        snapshot.add(entry, _IDENTITY, id, props, name=id, call=f"{entry.get('Comment') or id} AccessIdentity",
                     attributes={"S3CanonicalUserId": entry.text("S3CanonicalUserId")})  # fmt: skip


READERS = {
    **{key: _each(noun) for key, (_, noun) in _PARTS.items()},
    "FunctionList": _functions,
    "PublicKeyList": _keys,
    "CloudFrontOriginAccessIdentityList": _identities,
}
