"""AWS's own translator of SAM, imported when a SAM template is read, and run without AWS.

It comes with the names of AWS's managed policies and with SAM's policy templates. What it would ask AWS for
(a region, the Serverless Application Repository) is answered here.
"""

from __future__ import annotations

import contextlib
import functools
import logging
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from types import ModuleType, SimpleNamespace
from typing import Any, NamedTuple

from archproof.sources._sam_values import Text, leaf

_UNUSED = {
    "boto3": ("boto3", "boto3.session"),
    "botocore": ("botocore", "botocore.client", "botocore.config", "botocore.exceptions"),
    "jsonschema": ("jsonschema", "jsonschema.exceptions"),
}
"""Packages that the translator imports and that nothing here uses: they are half of the time that it takes."""
MANY_ROUTES = 100
"""Events of APIs in one template from which on the translator would take long."""
APPLICATION = "archproof-application:"
"""Stands in for the URL of a template of the Serverless Application Repository."""


class Fault(NamedTuple):
    """What the translator refuses: the resource and the event, where it names them, and why."""

    logical_id: str | None
    event: str | None
    message: str


class RefusedError(Exception):
    """The translator refuses a template."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("; ".join(f.message for f in faults))
        self.faults = faults


@dataclass(frozen=True)
class _Library:
    """The parts of the translator that are used here."""

    translator: Any
    parser: Any
    applications: Any
    arns: Any
    exceptions: Any
    py27: Any
    editors: tuple[Any, ...]
    """The modules that edit the definitions of APIs."""
    properties: dict[str, tuple[str, ...]]
    """The names of the properties of every type of SAM."""


class _Absent(ModuleType):
    """Stands in for a module of which only names are wanted."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return type(name, (Exception,), {})


@contextlib.contextmanager
def _without_the_unused() -> Iterator[None]:
    """Keep AWS's SDK and the validator of the translator's own data out of an import, unless they are loaded."""
    names = [name for package, modules in _UNUSED.items() if package not in sys.modules for name in modules]
    for name in names:
        sys.modules[name] = _Absent(name)
    try:
        yield
    finally:
        for name in names:
            sys.modules.pop(name, None)


@functools.cache
def _library() -> _Library:
    """Import the translator, once."""
    logging.getLogger("samtranslator").addHandler(logging.NullHandler())
    with _without_the_unused():
        from samtranslator.intrinsics import resolver
        from samtranslator.intrinsics.actions import SubAction
        from samtranslator.model import ResourceTypeResolver, exceptions, sam_resources
        from samtranslator.open_api import open_api
        from samtranslator.parser.parser import Parser
        from samtranslator.plugins.application.serverless_app_plugin import ServerlessAppPlugin
        from samtranslator.swagger import swagger
        from samtranslator.translator.arn_generator import ArnGenerator
        from samtranslator.translator.translator import Translator
        from samtranslator.utils import py27hash_fix

    class Applications(ServerlessAppPlugin):  # type: ignore[misc]
        """Answers for the Serverless Application Repository."""

        def on_before_transform_template(self, template_dict: Any) -> None:
            """Ask nobody."""

        def on_before_transform_resource(self, logical_id: Any, resource_type: Any, properties: Any) -> None:
            """Put a stand-in where the URL of the template would be."""
            location = properties.get("Location")
            if resource_type == self.SUPPORTED_RESOURCE_TYPE and location is not None:
                stand_in = f"{APPLICATION}{logical_id}"
                properties["TemplateUrl"] = stand_in if isinstance(location, dict) else location

        def on_after_transform_template(self, template: Any) -> None:
            """Wait for nobody."""

    class Substitution(SubAction):  # type: ignore[misc]
        """Leaves `${Parameter}` as it is written: the value would hide what the template says."""

        def resolve_parameter_refs(self, input_dict: Any, parameters: Any) -> Any:
            return input_dict

    resolver.DEFAULT_SUPPORTED_INTRINSICS["Fn::Sub"] = Substitution()
    kinds = ResourceTypeResolver(sam_resources).resource_types
    properties = {name: tuple(kind.property_types) for name, kind in kinds.items() if name}
    editors = swagger, open_api
    return _Library(Translator, Parser, Applications, ArnGenerator, exceptions, py27hash_fix, editors, properties)


def properties() -> dict[str, tuple[str, ...]]:
    """Every type of SAM that the translator knows, with the names of its properties."""
    return _library().properties


def translate(template: dict[str, Any], parameters: dict[str, Any], region: str) -> dict[str, Any]:
    """Translate a template of marked values. Raises RefusedError with all that the translator refuses."""
    library = _library()
    try:
        with _as_python_2(library, template):
            library.py27.to_py27_compatible_template(template, parameters)
            partition = library.arns.get_partition_name(region)
            parameters.setdefault("AWS::Partition", leaf(partition, ("Parameters", "AWS::Partition")))
            session = SimpleNamespace(region_name=region)
            translator = library.translator(None, library.parser(), [library.applications()], session)
            found: dict[str, Any] = translator.translate(template, parameters)
            return found
    except library.exceptions.ExceptionWithMessage as error:
        raise RefusedError(_faults(error)) from None
    except Exception as error:
        raise RefusedError([_failure(error)]) from error


@contextlib.contextmanager
def _as_python_2(library: _Library, template: dict[str, Any]) -> Iterator[None]:
    """Keep the paths of values where the translator makes them print as in Python 2.

    The ids of API deployments are hashes of what Python 2 would have written, in its order. For every event
    the translator copies the whole definition of the API four times, in that order; where there are very
    many events it works on the definition itself, and the hash alone may be another one.
    """
    convert, copies = library.py27._convert_to_py27_type, [editor._deepcopy for editor in library.editors]
    library.py27._convert_to_py27_type = functools.partial(_python2, library.py27)
    if routes(template) > MANY_ROUTES:
        for editor in library.editors:
            editor._deepcopy = _itself
    try:
        yield
    finally:
        library.py27._convert_to_py27_type = convert
        for editor, copy in zip(library.editors, copies, strict=True):
            editor._deepcopy = copy


def _itself(value: Any) -> Any:
    return value


def routes(template: dict[str, Any]) -> int:
    """How many events of APIs a template has."""
    count = 0
    for resource in template["Resources"].values():
        properties = resource.get("Properties")
        events = properties.get("Events") if isinstance(properties, dict) else None
        for event in events.values() if isinstance(events, dict) else ():
            count += isinstance(event, dict) and event.get("Type") in ("Api", "HttpApi")
    return count


def _python2(py27: Any, value: Any) -> Any:
    """What the translator makes of a value so that it prints as in Python 2, with its path kept."""
    if isinstance(value, dict):
        found = py27.Py27Dict()
        for key, item in value.items():
            found[py27.Py27UniStr(key)] = _python2(py27, item)
        return found
    if isinstance(value, list):
        return [_python2(py27, item) for item in value]
    if isinstance(value, str):
        text = py27.Py27UniStr(value)
        if isinstance(value, Text):
            text.origin = value.origin
        return text
    if isinstance(value, int) and value > py27.Py27LongInt.PY2_MAX_INT:
        return py27.Py27LongInt(value)
    return value


def _faults(error: Any) -> list[Fault]:
    """Every cause of an error of the translator."""
    causes = getattr(error, "causes", None)
    if causes is not None:
        return [fault for cause in causes for fault in _faults(cause)]
    logical_id = getattr(error, "_logical_id", None)
    event = getattr(error, "_event_id", None)
    message = str(error.message)
    for lead in (f"Resource with id [{logical_id}] is invalid. ", "Structure of the SAM Template is invalid. "):
        message = message.removeprefix(lead)
    if event is None and message.startswith("Event with id ["):
        event = message[len("Event with id [") :].partition("]")[0]
    return [Fault(None if logical_id is None else str(logical_id), event, message)]


def _failure(error: Exception) -> Fault:
    """What the translator falls over without a message of its own: the resource is that of its main loop."""
    logical_id = None
    trace = error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_name == "translate":
            found = trace.tb_frame.f_locals.get("logical_id")
            logical_id = str(found) if isinstance(found, str) else None
        trace = trace.tb_next
    what = f"{type(error).__name__}: {str(error)[:200]}"
    return Fault(logical_id, None, f"it has a shape that the SAM transform falls over ({what})")
