"""State machines: where their definition lies, and what stands in it."""

from __future__ import annotations

from typing import Any

from archproof.resources.resource import is_symbolic
from archproof.sources.lifting import _guess
from archproof.sources.lifting._assembly import PARAMETER
from archproof.sources.lifting.drafts import Draft, Lifting

SUBJECT = "machines"
ORDER = 30


def lift(lifting: Lifting) -> None:
    """Every state machine whose definition the model can say or keep."""
    for drafted in list(lifting.of_type("AWS::StepFunctions::StateMachine")):
        _machine(lifting, drafted)


def _machine(lifting: Lifting, drafted: Draft) -> None:
    machine = drafted.resource
    file = _file(machine.get("DefinitionS3Location"))
    if file is None and not machine.properties.get("DefinitionString"):
        return
    drafted.kind = "state_machine"
    drafted.fields.clear()
    drafted.places.clear()
    if file is not None:
        drafted.say("file", file, "DefinitionS3Location")
        held = machine.get("DefinitionSubstitutions")
        if said := _substitutions(held):
            drafted.say("substitutions", said, "DefinitionSubstitutions")
    _guess.fill(lifting, drafted)
    for field in ("definition", "steps", "logging"):
        drafted.unsay(field)


def _file(place: Any) -> str | None:
    """Where the definition lies, where it is no more than a bucket and a key."""
    if not isinstance(place, dict) or set(place) != {"Bucket", "Key"}:
        return None
    bucket, key = place["Bucket"], place["Key"]
    if not isinstance(key, str) or not key or key.startswith("s3://"):
        return None
    if bucket == {"Ref": PARAMETER}:
        return key
    return f"s3://{bucket}/{key}" if isinstance(bucket, str) and bucket and "/" not in bucket else None


def _substitutions(held: Any) -> dict[str, Any] | None:
    if not isinstance(held, dict) or is_symbolic(held):
        return None
    usable = all(isinstance(v, str) or (isinstance(v, dict) and is_symbolic(v)) for v in held.values())
    return {str(k): v for k, v in held.items()} if usable else None
