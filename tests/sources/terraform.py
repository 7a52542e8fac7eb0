"""Plans and states of tests, written from the values of their resources."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from archproof.resources.resource import Resources
from archproof.sources.reading import Request, read

Values = dict[str, Any]


def state(folder: Path, *resources: Values) -> Path:
    """A state file of version 4; each resource has a `type`, a `name` and `attributes` (or `instances`)."""
    entries = [
        {
            "mode": r.get("mode", "managed"),
            **({"module": r["module"]} if "module" in r else {}),
            "type": r["type"],
            "name": r.get("name", "this"),
            "provider": 'provider["registry.terraform.io/hashicorp/aws"]',
            "instances": r.get("instances")
            or [
                {
                    "schema_version": 0,
                    "attributes": r["attributes"],
                    "sensitive_attributes": r.get("sensitive", []),
                    "dependencies": r.get("dependencies", []),
                }
            ],
        }
        for r in resources
    ]
    value = {"version": 4, "terraform_version": "1.9.5", "serial": 1, "lineage": "l", "outputs": {}}
    return _file(folder, "terraform.tfstate", {**value, "resources": entries})


def planned(address: str, values: Values, said: Values | None = None, unknown: Values | None = None) -> Values:
    """One resource of a plan: its known values, the expressions that say it, and what is not known yet."""
    return {"address": address, "values": values, "said": said or {}, "unknown": unknown or {}}


def refers(*names: str) -> Values:
    """The expression that refers to `names`."""
    return {"references": list(names)}


def plan(folder: Path, *resources: Values, **sections: Any) -> Path:
    """A plan of resources in the root module; `sections` win over what is made of them."""
    entries, changes, configured = [], [], []
    for r in resources:
        data = r["address"].startswith("data.")
        kind, name = r["address"].removeprefix("data.").split("[")[0].split(".")[-2:]
        mode = "data" if data else "managed"
        head = {"address": r["address"], "mode": mode, "type": kind, "name": name}
        entries.append({**head, "values": r["values"], "sensitive_values": r.get("sensitive", {})})
        change = {"actions": ["create"], "before": None, "after": r["values"], "after_unknown": r["unknown"]}
        changes.append({**head, "change": change})
        configured.append({**head, "address": f"{kind}.{name}", "expressions": r["said"]})
    value = {
        "format_version": "1.2",
        "terraform_version": "1.9.5",
        "planned_values": {"root_module": {"resources": entries}},
        "resource_changes": changes,
        "configuration": {"root_module": {"resources": configured}},
    }
    return _file(folder, "plan.json", {**value, **sections})


def _file(folder: Path, name: str, value: Values) -> Path:
    path = folder / name
    path.write_text(json.dumps(value, indent=2), encoding="utf-8")
    return path


def resources(path: Path, **request: Any) -> Resources:
    """What a file is read to."""
    return read(path, Request(**request))
