"""IAM policies in the words of the language: `allow`, `deny`, `on`, `when`."""

from __future__ import annotations

from typing import Any

from archproof import facts
from archproof.resources.lowering._arns import ARNS
from archproof.resources.resource import SUBSTITUTION, is_symbolic, referenced
from archproof.sources.lifting.drafts import Draft, Lifting, named

_KEYS = {"Effect", "Action", "Resource", "Condition", "Sid"}
_AWS_POLICY = "arn:aws:iam::aws:policy/"


def policies(lifting: Lifting, listed: Any) -> dict[str, Any] | None:
    """The inline policies of a role by name, or None where they cannot be said so."""
    found: dict[str, Any] = {}
    for policy in listed if isinstance(listed, list) else ():
        if not isinstance(policy, dict) or set(policy) != {"PolicyName", "PolicyDocument"}:
            return None
        name, held = policy["PolicyName"], statements(lifting, policy["PolicyDocument"])
        if isinstance(name, dict) and isinstance(name.get("Fn::Sub"), str) and "${" in name["Fn::Sub"]:
            name = name["Fn::Sub"]
            if any(n in lifting.resources for n, _ in referenced({"Fn::Sub": name})):
                return None  # ids of components are not put in names
        elif not isinstance(name, str) or "${" in name:
            return None
        if held is None or name in found:
            return None
        found[name] = held
    return found or None


def statements(lifting: Lifting, document: Any) -> list[dict[str, Any]] | None:
    """The statements of a policy document, or None where it is more (or less) than statements."""
    if not isinstance(document, dict) or set(document) - {"Version", "Statement"}:
        return None
    held = document.get("Statement")
    held = [held] if isinstance(held, dict) else held
    if not isinstance(held, list) or not held or not all(isinstance(s, dict) and not is_symbolic(s) for s in held):
        return None
    if str(document.get("Version", "2012-10-17")) != "2012-10-17":
        return None
    by_template = _template(held)
    return [by_template] if by_template is not None else [statement(lifting, s) for s in held]


def _template(held: list[dict[str, Any]]) -> dict[str, Any] | None:
    """SAM's policy template that gives these statements, with its values; None where none does."""
    for name, template in facts.policy_templates().items():
        values: dict[str, Any] = {}
        first = template.statements[0].get("Action") == held[0].get("Action") if template.statements else False
        if not first or len(template.statements) != len(held):
            continue  # most are told apart by that, at no cost
        if _unified(list(template.statements), held, template, values):
            return {"template": name, **({"with": values} if values else {})}
    return None


def _unified(pattern: Any, value: Any, template: facts.PolicyTemplate, values: dict[str, Any]) -> bool:
    """Whether a value is what a template's pattern gives, with these `values` of its parameters (which grow)."""
    if isinstance(pattern, dict):
        name = pattern.get("Ref")
        if len(pattern) == 1 and name in template.parameters:
            return bool(values.setdefault(name, value) == value)
        if not isinstance(value, dict) or set(pattern) != set(value):
            return False
        return all(_unified(held, value[key], template, values) for key, held in pattern.items())
    if isinstance(pattern, list):
        fits = isinstance(value, list) and len(value) == len(pattern)
        return fits and all(_unified(p, v, template, values) for p, v in zip(pattern, value, strict=True))
    return bool(pattern == value)


def statement(lifting: Lifting, held: dict[str, Any]) -> dict[str, Any]:
    """One statement; verbatim where the words of the language do not say it."""
    said = _said(lifting, held)
    return said if said is not None else {"verbatim": held}


def _said(lifting: Lifting, held: dict[str, Any]) -> dict[str, Any] | None:
    effect = {"Allow": "allow", "Deny": "deny"}.get(str(held.get("Effect")))
    actions, on = held.get("Action"), held.get("Resource")
    actions = [actions] if isinstance(actions, str) else actions
    if set(held) - _KEYS or effect is None or not actions or not on:
        return None
    if not isinstance(actions, list) or not all(isinstance(a, str) for a in actions):
        return None
    resources = [_resource(lifting, r) for r in (on if isinstance(on, list) else [on])]
    if any(r is None for r in resources):
        return None
    found: dict[str, Any] = {effect: actions, "on": resources}
    condition, sid = held.get("Condition"), held.get("Sid")
    if condition is not None:
        if not isinstance(condition, dict) or not condition or is_symbolic(condition):
            return None
        found["when"] = condition
    if sid is not None:
        if not isinstance(sid, str) or not sid:
            return None
        found["sid"] = sid
    return found


def _resource(lifting: Lifting, value: Any) -> Any:
    """What a statement is about: a component (with a path), an ARN, or an intrinsic."""
    if isinstance(value, str):
        return value if value == "*" or value.startswith("arn:") else {"arn": value}
    if not isinstance(value, dict) or not is_symbolic(value):
        return None
    whole = component(lifting, value)
    if whole is not None:
        return whole.name
    text = value.get("Fn::Sub")
    match = SUBSTITUTION.match(text) if isinstance(text, str) else None
    if match and not match[1]:
        first = component(lifting, {"Fn::Sub": match[0]})
        rest = str(text)[match.end() :]
        if first is not None and "${" not in rest:
            return f"{first.name}{rest}" if rest.startswith("/") else {"component": first.name, "path": rest}
    return value


def component(lifting: Lifting, value: Any) -> Draft | None:
    """The draft whose ARN `value` is."""
    found = named(value)
    drafted = lifting.drafts.get(found[0]) if found else None
    if found is None or drafted is None:
        return None
    form = ARNS.get(drafted.resource.type, "Arn")
    return drafted if found[1] == ("" if form == "Ref" else form) else None


def managed(lifting: Lifting, listed: Any) -> list[Any] | None:
    """Managed policies as the language names them, or None where they cannot be said so."""
    if not isinstance(listed, list) or not listed:
        return None
    found: list[Any] = []
    for policy in listed:
        if isinstance(policy, str) and policy.startswith(_AWS_POLICY) and "/" not in policy[-1:]:
            found.append(policy.removeprefix(_AWS_POLICY))
        elif isinstance(policy, str) and policy.startswith("arn:"):
            found.append(policy)
        elif isinstance(policy, dict) and is_symbolic(policy):
            target = lifting.named(policy, "")
            of_model = target is not None and target.resource.type == "AWS::IAM::ManagedPolicy"
            found.append(target.name if target and of_model else policy)
        else:
            return None
    return found


def trust(lifting: Lifting, document: Any) -> list[Any] | None:
    """Who may assume a role, or None where the document is more (or less) than statements."""
    if not isinstance(document, dict) or set(document) - {"Version", "Statement"}:
        return None
    held = document.get("Statement")
    held = [held] if isinstance(held, dict) else held
    if not isinstance(held, list) or not held or not all(isinstance(s, dict) and not is_symbolic(s) for s in held):
        return None
    if str(document.get("Version", "2012-10-17")) != "2012-10-17":
        return None
    found: list[Any] = []
    for item in held:
        said = _trusted(item)
        found += said if said is not None else [{"verbatim": item}]
    return found


def _trusted(held: dict[str, Any]) -> list[Any] | None:
    """Whom one statement trusts, where the language has words for it."""
    action = held.get("Action")
    principal = held.get("Principal")
    if set(held) - {"Effect", "Action", "Principal", "Condition"} or held.get("Effect") != "Allow":
        return None
    if action not in ("sts:AssumeRole", ["sts:AssumeRole"]) or not isinstance(principal, dict) or len(principal) != 1:
        return None
    key, value = next(iter(principal.items()))
    value = value[0] if isinstance(value, list) and len(value) == 1 else value
    when = held.get("Condition")
    if key == "Service":
        services = [_service(v) for v in (value if isinstance(value, list) else [value])]
        if any(s is None for s in services):
            return None
        word: Any = services[0] if len(services) == 1 else {"service": services}
        if when is None:
            return [word]
        return [{"service": services[0] if len(services) == 1 else services, "when": when}]
    if key == "AWS" and isinstance(value, str) and value.startswith("arn:") and when is None:
        return [value]
    return None


def _service(value: Any) -> str | None:
    if isinstance(value, dict) and isinstance(value.get("Fn::Sub"), str) and "." in value["Fn::Sub"]:
        return str(value["Fn::Sub"])
    return value if isinstance(value, str) and "." in value and "${" not in value else None
