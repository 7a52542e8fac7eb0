"""CloudFormation: which stack made a resource, and what it is called there. Tags tell it of what can be tagged; the
list of a stack's resources tells it of everything.

Templates, parameters and outputs of stacks are not asked for: they may hold what is nobody's business.
"""

from __future__ import annotations

from archproof.sources.responses._call import Call, Per
from archproof.sources.responses._item import Item
from archproof.sources.responses._snapshot import Snapshot, nothing

KEYS = {
    "StackSummaries": "StackStatus", "StackResourceSummaries": "LogicalResourceId",
    "StackResources": "LogicalResourceId",
}  # fmt: skip
_RESOURCES = ("StackResourceSummaries", "StackResources")
_STANDING = (
    "CREATE_COMPLETE", "CREATE_FAILED", "CREATE_IN_PROGRESS", "DELETE_FAILED", "IMPORT_COMPLETE", "IMPORT_IN_PROGRESS",
    "IMPORT_ROLLBACK_COMPLETE", "IMPORT_ROLLBACK_FAILED", "ROLLBACK_FAILED", "UPDATE_COMPLETE",
    "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS", "UPDATE_FAILED", "UPDATE_IN_PROGRESS", "UPDATE_ROLLBACK_COMPLETE",
    "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS", "UPDATE_ROLLBACK_FAILED", "UPDATE_ROLLBACK_IN_PROGRESS",
)  # fmt: skip
"""The states of stacks that have resources."""
CALLS = (
    Call("cloudformation", "ListStacks", "StackSummaries", parameters={"StackStatusFilter": list(_STANDING)},
         always=True),
    Call("cloudformation", "ListStackResources", "StackResourceSummaries", always=True,
         per=Per("ListStacks", "StackSummaries[]", {"StackName": "StackName"})),
)  # fmt: skip


def finish(snapshot: Snapshot) -> None:
    """Tell of every resource that was read which stack made it, unless its tags do."""
    for item in snapshot.items:
        if item.key not in _RESOURCES:
            continue
        snapshot.here = item
        stack = item.text("StackName") or item.asked.get("StackName")
        found = snapshot.find(str(item.get("ResourceType")), item.text("PhysicalResourceId"))
        if isinstance(stack, str) and found is not None:
            snapshot.stacks.setdefault(found.logical_id, (stack, str(item.get("LogicalResourceId"))))


def _stack(item: Item, snapshot: Snapshot) -> None:
    name, id = item.text("StackName"), item.text("StackId")
    if name and id:
        held = snapshot.stack_ids.setdefault(name, [])
        if id not in held:
            held.append(id)


READERS = {"StackSummaries": _stack, "StackResourceSummaries": nothing, "StackResources": nothing}
