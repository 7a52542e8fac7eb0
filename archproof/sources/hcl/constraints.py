"""Type constraints of variables: values as their type has them, with the defaults of optional attributes."""

from __future__ import annotations

from typing import Any

from archproof.sources.hcl import expressions as ex
from archproof.sources.hcl.evaluation import HclSet, as_bool, as_number, as_text, type_name
from archproof.sources.hcl.symbols import Failure, Symbol

_SCALARS = {"string": as_text, "number": as_number, "bool": as_bool}


def converted(value: Any, constraint: ex.Expression | None, scope: ex.Scope) -> Any:
    """`value` as a variable of this type holds it. Raises Failure where it cannot be one."""
    if value is None or constraint is None:
        return value
    if isinstance(constraint, ex.Literal):  # "string", as it was written before Terraform 0.12
        name, arguments = str(constraint.held), ()
    elif isinstance(constraint, ex.Name):
        name, arguments = constraint.name, ()
    elif isinstance(constraint, ex.Call):
        name, arguments = constraint.name, constraint.arguments  # type: ignore[assignment]
    else:
        return value
    if isinstance(value, Symbol) or (hasattr(value, "member") and name != "object"):
        return value
    if name in _SCALARS:
        return _SCALARS[name](scope.run.settle(value))
    inner = arguments[0] if arguments else None
    if name in ("list", "set", "tuple"):
        if not isinstance(value, list):
            raise Failure(f"a {name} is needed, and this is {type_name(value)}")
        if name == "tuple":
            return value
        items = [converted(v, inner, scope) for v in value]
        return HclSet.of(items) if name == "set" else items
    if name == "map" and isinstance(value, dict):
        return {k: converted(v, inner, scope) for k, v in value.items()}
    if name == "object" and isinstance(value, dict) and isinstance(inner, ex.Object):
        return _object(value, inner, scope)
    if name in ("map", "object") and not isinstance(value, dict) and not hasattr(value, "member"):
        raise Failure(f"a {name} is needed, and this is {type_name(value)}")
    return value


def _object(value: dict[str, Any], shape: ex.Object, scope: ex.Scope) -> dict[str, Any]:
    """An object with the attributes of its type, missing ones that are optional filled in."""
    found: dict[str, Any] = {}
    for entry in shape.entries:
        name = str(entry.key.held) if isinstance(entry.key, ex.Literal) else ""
        inner: ex.Expression | None = entry.held
        default: ex.Expression | None = None
        optional = isinstance(inner, ex.Call) and inner.name == "optional" and bool(inner.arguments)
        if optional:
            assert isinstance(inner, ex.Call)
            default = inner.arguments[1] if len(inner.arguments) > 1 else None
            inner = inner.arguments[0]
        held = value.get(name)
        if held is None and default is not None:
            held = default.value(scope)
        if name not in value and not optional:
            raise Failure(f"the attribute '{name[:60]}' is needed")
        found[name] = converted(held, inner, scope)
    return found
