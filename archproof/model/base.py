"""What every component has, and the field types that the kinds are written in.

A kind is a pydantic model. Its class docstring and the strings under its fields become its reference
page and the descriptions of the JSON Schema; units stand in field names (`timeout_s`, `memory_mb`).
"""

from typing import TYPE_CHECKING, Annotated, Any, ClassVar, NamedTuple

from pydantic import BaseModel, ConfigDict, Field, GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, core_schema

if TYPE_CHECKING:
    from archproof.model.architecture import Architecture

ID_PATTERN = r"^[a-z][a-z0-9_]{0,62}$"
Cidr = Annotated[str, Field(pattern=r"^[0-9a-fA-F.:]+/[0-9]{1,3}$")]
Verbatim = dict[str, Any]
Intrinsic = Annotated[
    dict[Annotated[str, Field(pattern=r"^(Ref|Fn::[A-Za-z0-9:]+)$")], Any], Field(min_length=1, max_length=1)
]
"""A value that is known when the stack is deployed: `!Ref NAME`, `!GetAtt`, `!Select`, …"""
Block = Cidr | Intrinsic
"""A CIDR, or what gives one."""


class Part(BaseModel):
    """The base of everything in the language: unknown keys and silent conversions are errors."""

    model_config = ConfigDict(
        extra="forbid", strict=True, populate_by_name=True, protected_namespaces=(), defer_build=True,
        allow_inf_nan=False,
    )  # fmt: skip


class Refers(NamedTuple):
    """Marks a text field as the id of something else in the model.

    `kinds`: the kinds that may stand there; none means any component. `subnet` and `security_group`
    also take the tiers and groups of `network`, `vpc` its VPCs, `person` none.
    `edge`: what the reference is in the graph: `reference`, or `data` with a `verb`: it then counts as
    a link from this component to the other (`reverse`: from the other to this one), with all that the
    verb implies. `acyclic`: references of this name must not lead back to where they began. `also`:
    words that may stand in the place of an id and name nothing (`internet_gateway`: the VPC's own).
    """

    kinds: tuple[str, ...] = ()
    edge: str = "reference"
    verb: str = ""
    reverse: bool = False
    acyclic: bool = False
    also: tuple[str, ...] = ()


def refers(
    *kinds: str, verb: str = "", reverse: bool = False, acyclic: bool = False, also: tuple[str, ...] = ()
) -> Refers:
    """Short for `Refers`: with a `verb` the reference is a data-flow link."""
    return Refers(kinds, "data" if verb else "reference", verb, reverse, acyclic, also)


class Shorthand:
    """Lets a map be written as its one field alone: `dead_letter: dlq` for `dead_letter: {queue: dlq}`."""

    def __init__(self, field: str, *types: type) -> None:
        self.field = field
        self.types = types or (str,)

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        types, field = self.types, self.field

        def widen(value: Any) -> Any:
            if isinstance(value, types) and (not isinstance(value, bool) or bool in types):
                return {field: value}
            return value

        return core_schema.no_info_before_validator_function(widen, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        full = handler(schema)
        names = {str: "string", int: "integer", bool: "boolean", list: "array", float: "number"}
        return {"anyOf": [*({"type": names[t]} for t in self.types), full]}


class OneOrMany:
    """Lets a list of one be written without its brackets."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        def widen(value: Any) -> Any:
            return value if isinstance(value, list) or value is None else [value]

        return core_schema.no_info_before_validator_function(widen, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        full = handler(schema)
        return {"anyOf": [full["items"], full]}


class Placement(Part):
    """Where a component stands in the network: subnets (tiers) and security groups, never geometry."""

    subnets: Annotated[list[Annotated[str, refers("subnet")]], OneOrMany()] = []
    """Subnet tiers of `network`, or `subnet` components."""
    security_groups: Annotated[list[Annotated[str, refers("security_group")]], OneOrMany()] | None = None
    """Security groups of `network`, or `security_group` components; one of its own when left out."""
    vpc: Annotated[str, refers("vpc")] | None = None
    """The VPC, for what stands in a VPC and in none of its subnets."""


class Component(Part):
    """What every component has, whatever its kind."""

    kind: str
    """What the component is."""
    title: str | None = None
    """Its name in pictures and documents; the id when left out."""
    description: str | None = None
    """What it does, in a sentence or two; documents print it."""
    why: str | None = None
    """Why it is there and not something else; documents print it."""
    physical_name: str | None = None
    """The name it has in the account, which ties it to the live resource."""
    tags: dict[str, str] = {}
    """Tags of its own, beside those of `system`."""
    depends_on: Annotated[list[str], OneOrMany()] = []
    """Components that must exist before it."""
    properties: Verbatim = {}
    """CloudFormation properties, verbatim; they win over what the kind writes. `null` removes one."""
    resource_attributes: Verbatim = {}
    """What stands beside the properties in a template: `DeletionPolicy`, `Condition`, `Metadata`, … A `Condition`
    also holds for what the kind makes beside its main resource."""
    resources: dict[str, Verbatim | None] = {}
    """What the kind makes beside its main resource, by the end of its name (`LogGroup`, `Role`, `Policy`):
    CloudFormation properties laid over it, verbatim, and `attributes` beside them; `null` for one that is not to be
    made. With a `type` it is one more resource that belongs to the component: `{InvokePermission: {type:
    AWS::Lambda::Permission, …}}`."""

    cfn: ClassVar[str] = ""
    """The CloudFormation type of the main resource; empty where the kind has none (a person)."""
    service: ClassVar[str] = ""
    """The key of its service in facts/services.csv; empty where it is no AWS service."""
    principal: ClassVar[str] = ""
    """The service principal that assumes its execution role; empty where it has no role of its own."""
    scope: ClassVar[str] = "regional"
    """Where it lives: `vpc` (an interface in subnets), `regional`, `global` or `outside`."""
    tier: ClassVar[str] = ""
    """A hint for pictures: `client`, `edge`, `identity`, `api`, `compute`, `data`, `messaging`, `operations`."""

    detail: ClassVar[bool] = False
    """Whether overviews draw it as part of what it names, or of what names it (a certificate, an app client)."""
    chip: ClassVar[str] = ""
    """What overviews draw on whatever names it, in place of a node of its own (`waf`); empty for a node."""
    gathered: ClassVar[str] = ""
    """The node that overviews draw for all of its kind together (`CloudWatch` for alarms); empty for its own."""

    @property
    def placement(self) -> Placement | None:
        """Where it stands in the network, if it does."""
        return getattr(self, "in_", None)

    @property
    def stands_in(self) -> Placement | None:
        """Where it is drawn and told to stand: its placement, unless that is only a helper's."""
        return self.placement

    def listens(self, architecture: "Architecture") -> tuple[int, ...]:
        """The TCP ports on which its network interfaces accept connections; empty for none."""
        return ()

    def calls_services(self) -> tuple[str, ...]:
        """AWS services that it calls through its interfaces beside its links, by endpoint name (`ecr.api`)."""
        return ()

    def faces_internet(self) -> bool:
        """Whether it says that clients on the internet may reach its interfaces: links from people then open them."""
        return getattr(self, "internal", None) is False or getattr(self, "public", None) is True


class Placed(Component):
    """A component with network interfaces of its own, or one that may have them."""

    in_: Placement | None = Field(default=None, alias="in")
    """Where it stands: `{subnets: app, security_groups: [fn_sg]}`."""


def components_of(value: str | list[str] | None) -> list[str]:
    """Return the ids of a field that may hold one, several or none."""
    if value is None:
        return []
    return [value] if isinstance(value, str) else value
