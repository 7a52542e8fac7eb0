"""The language of mappings from Terraform types to CloudFormation's; `archproof.sources.terraform` explains it."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Mapping as Map
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from archproof.sources.terraform import convert

if TYPE_CHECKING:
    from archproof.sources.terraform.item import Item
    from archproof.sources.terraform.made import Made
    from archproof.sources.terraform.translation import Translation

Converter = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class Rule:
    """Where one argument goes."""

    path: tuple[str, ...]
    """The property; empty in a block whose contents go into what is around it."""
    convert: Converter | None = None
    nested: dict[str, Rule] | None = None
    """The arguments inside, where it is a block."""
    many: bool = False
    """Whether the block may stand more than once."""
    keep: bool = False
    """Whether a block with nothing in it is written as an empty map."""
    symbolic: bool = False
    """Whether the converter takes intrinsics too."""
    ignored: bool = False
    """Whether it has no counterpart."""
    served: bool = False
    """Whether `finish` writes what it means."""


def to(path: str, function: Converter | None = None, *, symbolic: bool = False) -> Rule:
    """An argument that goes to `path`, through `function`; intrinsics pass by it, unless `symbolic`."""
    return Rule(_path(path), function, symbolic=symbolic)


def choose(path: str, words: Map[Any, Any]) -> Rule:
    """An argument whose words are others in CloudFormation; what is not listed stays."""
    return Rule(_path(path), lambda value: words.get(value, value) if isinstance(value, str | bool | int) else value)


def unless(path: str, *absent: Any) -> Rule:
    """An argument of which these values mean that nothing was said."""
    return Rule(
        _path(path),
        lambda value: None if any(value is a or (value == a and type(value) is type(a)) for a in absent) else value,
    )


def block(path: str, words: str = "", table: Map[str, Rule] | None = None, *, keep: bool = False) -> Rule:
    """A block that stands once at most; `keep`: an empty one means something."""
    return Rule(_path(path), nested=compiled(words, table), keep=keep)


def blocks(path: str, words: str = "", table: Map[str, Rule] | None = None, function: Converter | None = None) -> Rule:
    """A block that may stand more than once, as a list; `function` takes the whole list."""
    return Rule(_path(path), function, nested=compiled(words, table), many=True)


def under(path: str, words: str, table: Map[str, Rule] | None = None) -> dict[str, Rule]:
    """Arguments of the type itself that go below `path`."""
    return {n: r if r.ignored else replace(r, path=(*_path(path), *r.path)) for n, r in compiled(words, table).items()}


@dataclass(frozen=True, slots=True)
class Merge:
    """Which resource an item is a part of."""

    argument: str
    """The argument that names it; several, with spaces between them, where any of them may."""
    types: str
    """The Terraform types that it may be of, with spaces between them."""
    find: Callable[[Translation, Item], Made | None] | None = None
    """Finds it where no one argument names it."""


class Mapping:
    """How one Terraform type becomes a CloudFormation resource, or a part of one."""

    def __init__(
        self,
        type: str | Callable[[Item], str | None] | None,
        words: str = "",
        table: Map[str, Rule] | None = None,
        *,
        attributes: str = "id",
        defaults: Map[str, Any] | None = None,
        tags: str = "Tags",
        secret: str = "",
        wants: Map[str, str] | None = None,
        merge: Merge | None = None,
        finish: Callable[[Made], None] | None = None,
        why: str = "it has no counterpart in CloudFormation",
    ) -> None:
        self.type = type
        self.rules = compiled(words, table)
        """Every argument with its rule."""
        self.answers = _answers(attributes)
        """Attribute → what a reference to it is."""
        self.defaults = defaults or {}
        self.tags = tags
        self.secret = frozenset(secret.split())
        self.wants = wants or {}
        self.merge = merge
        self.finish = finish
        self.why = why

    def type_of(self, item: Item) -> str | None:
        """The CloudFormation type of `item`; None where it has none of its own."""
        return self.type(item) if callable(self.type) else self.type


def compiled(words: str, table: Map[str, Rule] | None) -> dict[str, Rule]:
    """The rules that words and a table say."""
    return {**dict(_word(w) for w in words.split()), **(table or {})}


def _word(word: str) -> tuple[str, Rule]:
    if word[0] in "-+":
        return word[1:], Rule((), ignored=True, served=word[0] == "+")
    name, _, converter = word.partition(":")
    name, _, path = name.partition("=")
    function = getattr(convert, converter) if converter else None
    return name, Rule(_path(path or camel(name)), function, symbolic=converter == "listed")


def _path(path: str) -> tuple[str, ...]:
    return tuple(path.split(".")) if path else ()


def camel(name: str) -> str:
    """`memory_size` as CloudFormation writes it: `MemorySize`."""
    return "".join(w[:1].upper() + w[1:] for w in name.split("_"))


def _answers(attributes: str) -> dict[str, str]:
    found = {}
    for word in attributes.split():
        name, _, answer = word.partition("=")
        found[name] = answer or "Ref"
    return found
