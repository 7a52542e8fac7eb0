"""Local files that a SAM template names: the translator gets S3 addresses for them, the outcome says the files.

`sam deploy` puts each of them in a bucket first. So a function's code is in the bucket that the parameter
`CodeBucket` names, under the path that the template says; a definition (OpenAPI, a state machine) that lies
beside the template stands in the outcome itself.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path as File
from typing import Any
from urllib.parse import quote

from archproof.errors import InputError, Location, Unknown
from archproof.model.yaml import Mark, parse
from archproof.sources._sam_translator import APPLICATION

FUNCTION = "AWS::Serverless::Function"
_FILES = {
    FUNCTION: "CodeUri",
    "AWS::Serverless::WebFunction": "CodeUri",
    "AWS::Serverless::MicrovmImage": "CodeUri",
    "AWS::Serverless::LayerVersion": "ContentUri",
    "AWS::Serverless::StateMachine": "DefinitionUri",
    "AWS::Serverless::Api": "DefinitionUri",
    "AWS::Serverless::HttpApi": "DefinitionUri",
    "AWS::Serverless::WebSocketApi": "DefinitionUri",
    "AWS::Serverless::GraphQLApi": "SchemaUri",
}
_DEFINITIONS = {
    "AWS::StepFunctions::StateMachine": ("DefinitionS3Location", "Definition"),
    "AWS::ApiGateway::RestApi": ("BodyS3Location", "Body"),
    "AWS::ApiGatewayV2::Api": ("BodyS3Location", "Body"),
}
_BUCKET = "archproof-code-bucket"
_KEY = "archproof-code:"
_IMAGE = "archproof-image:"


@dataclass
class Definition:
    """A definition that was read from a file beside the template."""

    value: Any
    mark: Mark


@dataclass
class StandIns:
    """What was put in place of local files, and what the outcome says instead."""

    parameters: dict[str, Any]
    """Those of the template; what the outcome needs beside them is added."""
    values: dict[str, Any] = field(default_factory=dict)
    """What the outcome says, by the text of the stand-in."""
    needs: dict[str, tuple[str, str]] = field(default_factory=dict)
    """The parameter that a stand-in needs, with its description, by the text of the stand-in."""

    def file(self, said: str) -> str:
        """The address that stands in for a local file."""
        key = _KEY + quote(said, safe="/._-")
        bucket = self._parameter("CodeBucket")
        need = bucket, "The bucket that holds what the template names by a local path, each under that path"
        self.values[_BUCKET] = {"Ref": bucket}
        self.values[key] = said
        self.values[f"s3://{_BUCKET}/{key}"] = {"Fn::Sub": f"s3://${{{bucket}}}/{said.replace('${', '${!')}"}
        self.needs[_BUCKET] = self.needs[f"s3://{_BUCKET}/{key}"] = need
        return f"s3://{_BUCKET}/{key}"

    def image(self, logical_id: str) -> str:
        """The address that stands in for an image that `sam build` makes."""
        name = self._parameter(f"{logical_id}ImageUri")
        text = f"{_IMAGE}{logical_id}"
        self.values[text] = {"Ref": name}
        self.needs[text] = name, f"The image of the function {logical_id}"
        return text

    def application(self, logical_id: str, location: dict[str, Any]) -> None:
        """Prepare what stands for the template of an application of the Serverless Application Repository."""
        name = self._parameter(f"{logical_id}TemplateUrl")
        text = f"{APPLICATION}{logical_id}"
        self.values[text] = {"Ref": name}
        said = " ".join(str(location.get(key, "")) for key in ("ApplicationId", "SemanticVersion"))
        self.needs[text] = name, f"The template of the application {said} of the Serverless Application Repository"

    def _parameter(self, name: str) -> str:
        while name in self.parameters:
            name = f"Sam{name}"
        return name


def stand_in(template: dict[str, Any]) -> StandIns:
    """Put stand-ins for all local files into a template, in place."""
    found = StandIns(template.get("Parameters") or {})
    sections = template.get("Globals")
    common = sections.get("Function") if isinstance(sections, dict) else None
    common = common if isinstance(common, dict) else {}
    if isinstance(common.get("CodeUri"), str):
        _replace(common, "CodeUri", found)
    for logical_id, resource in template["Resources"].items():
        kind, properties = resource.get("Type"), resource.get("Properties")
        if kind == FUNCTION and isinstance(properties, dict):
            _function(logical_id, properties, common, found)
        elif kind == "AWS::Serverless::Application" and isinstance(properties, dict):
            if isinstance(properties.get("Location"), dict):
                found.application(logical_id, properties["Location"])
        elif isinstance(kind, str) and kind in _FILES and isinstance(properties, dict):
            _replace(properties, _FILES[kind], found)
            for part in _code_of_graphql(properties) if kind == "AWS::Serverless::GraphQLApi" else ():
                _replace(part, "CodeUri", found)
    return found


def _function(logical_id: str, properties: dict[str, Any], common: dict[str, Any], found: StandIns) -> None:
    """The code of a function; `sam build` takes the folder of the template where none is said."""
    said = {**common, **properties}
    if said.get("PackageType") == "Image":
        image = properties.get("ImageUri")
        if image is None and common.get("ImageUri") is None:
            properties["ImageUri"] = found.image(logical_id)
    elif all(said.get(key) is None for key in ("CodeUri", "InlineCode", "ImageUri")):
        properties["CodeUri"] = found.file(".")
    else:
        _replace(properties, "CodeUri", found)


def _replace(properties: dict[str, Any], key: str, found: StandIns) -> None:
    said = properties.get(key)
    if isinstance(said, str) and not said.startswith(("s3://", "{{resolve:")):
        properties[key] = found.file(str(said))


def _code_of_graphql(properties: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The parts of a GraphQL API that may name a file of code: functions, and resolvers by type and field."""
    functions = properties.get("Functions")
    for part in functions.values() if isinstance(functions, dict) else ():
        if isinstance(part, dict):
            yield part
    resolvers = properties.get("Resolvers")
    for fields in resolvers.values() if isinstance(resolvers, dict) else ():
        for part in fields.values() if isinstance(fields, dict) else ():
            if isinstance(part, dict):
                yield part


def definition(
    resource: dict[str, Any], stand_ins: StandIns, folder: File, sources: dict[str, str]
) -> tuple[str, str, Definition | None, str]:
    """The definition that a resource of the outcome takes from a local file.

    Returns the property that says where it lies, the property that it belongs in, what was read (the text
    goes into `sources`), and why where it could not be. The first is empty where there is no such file.
    """
    where, whole = _DEFINITIONS.get(resource["Type"], ("", ""))
    location = resource.get("Properties", {}).get(where)
    if not isinstance(location, dict) or location.get("Bucket") != stand_ins.values.get(_BUCKET, ""):
        return "", "", None, ""
    try:
        found = _read(folder, str(location["Key"]), sources)
    except (InputError, ValueError) as error:
        reason = error.problems[0].message if isinstance(error, InputError) else str(error)
        return where, whole, None, reason
    return where, whole, found, ""


def _read(folder: File, said: str, sources: dict[str, str]) -> Definition:
    """Read a file beside the template. Raises InputError, ValueError where it lies elsewhere."""
    from archproof.model.text import read_text

    path = folder / said
    inside = os.path.realpath(folder)
    if os.path.commonpath([inside, os.path.realpath(path)]) != inside:
        raise ValueError("it lies outside the folder of the template")
    text = read_text(path, str(path))
    parsed = parse(text, str(path))
    if parsed.problems:
        raise InputError(parsed.problems)
    if not isinstance(parsed.value, dict):
        raise ValueError("it holds no map")
    sources[str(path)] = text
    return Definition(parsed.value, parsed.mark)


def unread(said: str, reason: str, place: Location) -> Unknown:
    """What a check tells about a definition that could not be read."""
    return Unknown(f"the definition in {said[:100]}", reason, place)
