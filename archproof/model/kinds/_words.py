"""Field types that several kinds share: maps written as one word, IAM statements, where a call goes on failure."""

from collections.abc import Callable
from typing import Annotated, Any

from pydantic import Field, GetCoreSchemaHandler, GetJsonSchemaHandler, model_validator
from pydantic_core import CoreSchema, core_schema

from archproof.model.base import OneOrMany, Part, Verbatim, refers


class Words:
    """Lets a map be written as one word; `split` says which of its fields the word means.

    With `maps`, `split` is asked about maps too: an intrinsic may stand for the word.
    """

    def __init__(self, split: Callable[[Any], dict[str, Any]], *, maps: bool = False) -> None:
        self.split = split
        self.types: tuple[type, ...] = (str, dict) if maps else (str,)

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        def widen(value: Any) -> Any:
            return self.split(value) if isinstance(value, self.types) else value

        return core_schema.no_info_before_validator_function(widen, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return {"anyOf": [{"type": "string"}, handler(schema)]}


def is_intrinsic(value: dict[str, Any]) -> bool:
    """Say whether a map is an intrinsic function of CloudFormation."""
    key = next(iter(value), "")
    return len(value) == 1 and (key == "Ref" or key.startswith("Fn::"))


class OnResource(Part):
    """What a statement is about."""

    component: Annotated[str, refers()] | None = None
    """A component: its ARN."""
    path: str = ""
    """What follows the ARN, e.g. `/*` for the objects of a bucket."""
    arn: str | Verbatim | None = None
    """An ARN, or `*`, as it stands; an intrinsic (`!Sub …`) is one too."""


def _resource(word: str | dict[str, Any]) -> dict[str, Any]:
    if isinstance(word, dict):
        return {"arn": word} if is_intrinsic(word) else word
    if word == "*" or word.startswith("arn:"):
        return {"arn": word}
    name, slash, rest = word.partition("/")
    return {"component": name, "path": slash + rest}


class Statement(Part):
    """A statement of an IAM policy: exactly one of `allow` and `deny`, and what it is about."""

    allow: Annotated[list[str], OneOrMany()] = []
    """Actions that it allows: `s3:GetObject`."""
    deny: Annotated[list[str], OneOrMany()] = []
    """Actions that it denies."""
    on: Annotated[list[Annotated[OnResource, Words(_resource, maps=True)]], OneOrMany()] = []
    """Resources: components (`uploads`, `uploads/*`), ARNs, or `*`."""
    when: Verbatim = {}
    """Conditions, in IAM's words: `{StringEquals: {aws:PrincipalOrgID: o-1234}}`."""
    sid: str | None = None
    """Its name in the policy."""
    verbatim: Verbatim | None = None
    """The whole statement in IAM's own words, for what the fields above cannot say."""
    template: str | None = None
    """Instead: a policy template of SAM, by name (`S3CrudPolicy`), with all its statements."""
    with_: Verbatim = Field(default={}, alias="with")
    """The values of the template's parameters: `{BucketName: !Ref uploads}`."""

    @model_validator(mode="after")
    def _one_effect(self) -> "Statement":
        if self.verbatim is not None:
            if self.model_fields_set != {"verbatim"}:
                raise ValueError("a 'verbatim' statement says nothing beside it")
            return self
        if self.template is not None:
            if self.model_fields_set - {"template", "with_"}:
                raise ValueError("a statement by 'template' says nothing beside it but 'with'")
            _check_template(self.template, set(self.with_))
            return self
        if self.with_:
            raise ValueError("'with' holds the values of a 'template'")
        if bool(self.allow) == bool(self.deny):
            raise ValueError("a statement has exactly one of 'allow' and 'deny'")
        if not self.on:
            raise ValueError("a statement needs 'on': the resources that it is about")
        return self


def _check_template(name: str, given: set[str]) -> None:
    """Raise ValueError where SAM has no such template, or it has other parameters."""
    from archproof import facts
    from archproof.suggest import did_you_mean

    known = facts.policy_templates()
    if name not in known:
        raise ValueError(f"SAM has no policy template '{name[:60]}'{did_you_mean(name, known)}")
    wanted = set(known[name].parameters)
    if given != wanted:
        raise ValueError(f"'{name}' needs 'with': {', '.join(sorted(wanted)) or 'nothing'}")


class Failed(Part):
    """Where an event goes that could not be delivered."""

    to: Annotated[str, refers("sqs_queue", verb="dead_letter", acyclic=True)]
    """The dead-letter queue."""


class Throttle(Part):
    """How many requests pass."""

    rps: Annotated[float, Field(gt=0)]
    """Requests a second, sustained."""
    burst: Annotated[int, Field(ge=1)] | None = None
    """Requests at once; the rate, when left out."""
