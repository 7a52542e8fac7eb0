"""YAML as CloudFormation reads it, where that differs from the YAML 1.2 of a model.

CloudFormation takes `yes`, `no`, `on` and `off` for truth values (YAML 1.1), lets the last of two equal keys
win, and gives its functions short tags. `aws cloudformation package` also writes out what `<<` merges.
"""

from __future__ import annotations

from typing import Any

from archproof.errors import Problem
from archproof.model import yaml
from archproof.model.yaml import Mark, Parsed
from archproof.suggest import did_you_mean

_FLAGS = {
    word: value
    for lower, value in (("yes", True), ("no", False), ("on", True), ("off", False))
    for word in (lower, lower.capitalize(), lower.upper())
}
_TAGS = (
    "And", "Base64", "Cidr", "Condition", "Contains", "EachMemberEquals", "EachMemberIn", "Equals", "FindInMap",
    "GetAZs", "GetAtt", "If", "ImportValue", "Join", "Length", "Not", "Or", "Ref", "RefAll", "Select", "Split",
    "Sub", "ToJsonString", "Transform", "ValueOf", "ValueOfAll",
)  # fmt: skip


def parse(text: str, file: str) -> Parsed:
    """Parse one YAML document of CloudFormation. Raises InputError where the text is no YAML or is a bomb."""
    # one blank for one character, so that every place stays where it is
    for strange in "\u0085\u2028\u2029":
        text = text.replace(strange, " ")
    return yaml.parse(text, file, builder=TemplateBuilder)


class TemplateBuilder(yaml.Builder):
    """Builds the values of a template."""

    def scalar(self, event: Any) -> Any:
        """A scalar, with YAML 1.1's words for true and false."""
        if event.implicit[0] and not event.style and not event.tag and event.value in _FLAGS:
            return _FLAGS[event.value]
        if event.tag and event.tag.startswith(yaml.CORE):
            return self.typed(event, event.tag[len(yaml.CORE) :])
        return yaml.scalar(event.value) if event.implicit[0] and not event.style and event.tag != "!" else event.value

    def repeated_key(self, event: Any, key: str, first: Mark) -> bool:
        """The last of two equal keys is the one that counts."""
        line = first.key_line + 1
        message = f"duplicate key '{yaml.short(key)}' (first on line {line}): CloudFormation takes the last one"
        self.notes.append(Problem(self.where(event), message))
        return True

    def merge(self, event: Any, value: Any, mark: Mark, values: dict[str, Any], marks: dict[str, Mark]) -> None:
        """`<<`: what is not said in the map itself is taken from the maps that it names, the first one first."""
        given = [(value, mark)] if isinstance(value, dict) else []
        if isinstance(value, list):
            given = [(v, mark.children[n]) for n, v in enumerate(value) if isinstance(v, dict)]
        if not given:
            self.problem(event, "'<<' merges a map, or a list of maps; found neither")
        for source, places in given:
            for key, inner in source.items():
                if key not in values:
                    values[key] = inner
                    marks[key] = places.children[key]

    def unknown_tag(self, event: Any) -> None:
        """A tag that is none of CloudFormation's: what it is, as far as that is known."""
        tag = event.tag.lstrip("!")
        if tag.startswith("Rain::"):
            message = (
                f"!{yaml.short(tag)} is a directive of Rain and no function of CloudFormation: "
                "`rain pkg` writes the template that it stands for"
            )
        elif tag.startswith("Fn::") and tag[4:] in _TAGS:
            message = f"the tag !{tag} is not known: the short form is !{tag[4:]}"
        else:
            hint = did_you_mean(tag, _TAGS)
            message = f"the tag {yaml.short(event.tag)} is none of CloudFormation's functions{hint}"
        self.problem(event, message)

    def knows_tag(self, name: str) -> bool:
        """Whether `name` is the short form of one of CloudFormation's functions."""
        return name in _TAGS
