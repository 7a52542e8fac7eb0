"""The organization of the account: its policies as CloudFormation writes them, beside the resources."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archproof.errors import Location
from archproof.model.organization_files import controls
from archproof.resources.lowering._context import Lowering
from archproof.resources.organization import POLICY, RESOURCE_CONTROL, SERVICE_CONTROL, Organization
from archproof.resources.resource import Path, Resource

if TYPE_CHECKING:
    from archproof.model.document import KeyPath
    from archproof.model.organization import Control

_TYPES = {"service_controls": SERVICE_CONTROL, "resource_controls": RESOURCE_CONTROL}


def lower(ctx: Lowering) -> None:
    """Give the resources the organization that the model names."""
    said = ctx.architecture.organization
    if said is None:
        return
    held = ctx.resources.organization = Organization(said.id, said.management_account)
    for path, control in controls(said):
        levels = held.controls.setdefault(_TYPES[str(path[1])], {})
        levels.setdefault(str(path[2]), []).append(_policy(ctx, path, control))


def _policy(ctx: Lowering, path: KeyPath, control: Control) -> Resource:
    document = ctx.architecture.document
    file = ctx.architecture.control_files.get(control.file or "")
    name = control.aws or control.file or control.sid or f"{path[2]} {path[3]}"
    content: Any = file.value if file is not None else _document(control)
    policy = Resource(name, POLICY, {"Name": name, "Type": _TYPES[str(path[1])], "Content": content}, address=name)

    def locate(inner: Path | None) -> Location:
        if file is None or inner is None:
            return document.locate(path)
        return file.mark.within(inner[1:]).at()

    policy.origins = {("Content",): ("Content",)}
    policy.locate = locate
    return policy


def _document(control: Control) -> dict[str, Any]:
    """A statement of the language as IAM writes it."""
    if control.aws is not None:
        statement: dict[str, Any] = {"Effect": "Allow", "Action": "*", "Resource": "*"}
    else:
        key = "NotAction" if control.deny_all_but else "Action"
        actions = control.allow or control.deny or control.deny_all_but
        statement = {"Effect": "Allow" if control.allow else "Deny", key: actions, "Resource": control.on}
    if control.sid:
        statement = {"Sid": control.sid, **statement}
    if control.when:
        statement["Condition"] = control.when
    return {"Version": "2012-10-17", "Statement": [statement]}
