"""Facts about AWS: quotas, runtimes, engines, services, regions, words. Every fact is a row of a CSV file
here, with its `source` and the day it was last `checked`; no number about AWS stands in code.

Nothing is read, and next to nothing imported, before the first question: each name below is fetched
from its module on first use, and each file is read once. Values are frozen dataclasses; units are in the
names or in a `unit` field. Asking for what no row knows raises `UnknownFactError` (a KeyError that names
the nearest rows) or returns None, as each function says.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from archproof.facts._calls import SecretField, Withheld, call_action, fault_codes, secret_fields, withheld
    from archproof.facts._engines import (
        Engine,
        EngineVersion,
        engine,
        engine_version,
        engine_versions,
        engines,
        max_connections,
    )
    from archproof.facts._frameworks import Control, control, controls
    from archproof.facts._iam import iam_actions, iam_services, managed_policy
    from archproof.facts._instances import InstanceClass, instance_class, instance_classes
    from archproof.facts._managed_ids import managed_id, managed_ids
    from archproof.facts._metrics import Metric, metric, metrics
    from archproof.facts._policy_templates import PolicyTemplate, policy_templates
    from archproof.facts._ports import Port, port, ports
    from archproof.facts._quotas import Quota, quota, quotas
    from archproof.facts._regions import PrefixList, Region, partition_of, prefix_list, prefix_lists, region, regions
    from archproof.facts._registry import RegistrySchema, Shape, registry_schema, registry_types
    from archproof.facts._runtimes import Runtime, runtime, runtimes
    from archproof.facts._services import Service, service, service_of, services
    from archproof.facts._table import UnknownFactError, rows
    from archproof.facts._words import Claim, Comparison, Term, claims, comparisons, fill, glossary

_HOME = {
    "_calls": "SecretField Withheld call_action fault_codes secret_fields withheld",
    "_engines": ("Engine EngineVersion engine engine_version engine_versions engines max_connections"),
    "_frameworks": "Control control controls",
    "_iam": "iam_actions iam_services managed_policy",
    "_instances": "InstanceClass instance_class instance_classes",
    "_managed_ids": "managed_id managed_ids",
    "_metrics": "Metric metric metrics",
    "_policy_templates": "PolicyTemplate policy_templates",
    "_ports": "Port port ports",
    "_quotas": "Quota quota quotas",
    "_registry": "RegistrySchema Shape registry_schema registry_types",
    "_regions": "PrefixList Region partition_of prefix_list prefix_lists region regions",
    "_runtimes": "Runtime runtime runtimes",
    "_services": "Service service service_of services",
    "_table": "UnknownFactError rows",
    "_words": "Claim Comparison Term claims comparisons fill glossary",
}
_MODULE_OF = {name: module for module, names in _HOME.items() for name in names.split()}

__all__ = [
    "Claim",
    "Comparison",
    "Control",
    "Engine",
    "EngineVersion",
    "InstanceClass",
    "Metric",
    "PolicyTemplate",
    "Port",
    "PrefixList",
    "Quota",
    "Region",
    "RegistrySchema",
    "Runtime",
    "SecretField",
    "Service",
    "Shape",
    "Term",
    "UnknownFactError",
    "Withheld",
    "call_action",
    "claims",
    "comparisons",
    "control",
    "controls",
    "engine",
    "engine_version",
    "engine_versions",
    "engines",
    "fault_codes",
    "fill",
    "glossary",
    "iam_actions",
    "iam_services",
    "instance_class",
    "instance_classes",
    "managed_id",
    "managed_ids",
    "managed_policy",
    "max_connections",
    "metric",
    "metrics",
    "partition_of",
    "policy_templates",
    "port",
    "ports",
    "prefix_list",
    "prefix_lists",
    "quota",
    "quotas",
    "region",
    "regions",
    "registry_schema",
    "registry_types",
    "rows",
    "runtime",
    "runtimes",
    "secret_fields",
    "service",
    "service_of",
    "services",
    "withheld",
]


if not TYPE_CHECKING:  # a misspelt name stays an error to the type checker

    def __getattr__(name: str) -> object:
        """Import the module that holds `name` on its first use, and keep the value here."""
        module = _MODULE_OF.get(name)
        if module is None:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        from importlib import import_module

        value: object = getattr(import_module(f"{__name__}.{module}"), name)
        globals()[name] = value
        return value


def __dir__() -> list[str]:
    """Every public name, imported or not."""
    return sorted([*globals(), *__all__])
