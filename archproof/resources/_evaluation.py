"""Values and conditions of a template with the parameters in force: three-valued, and where each value was said."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from archproof.resources._functions import FUNCTIONS, is_known
from archproof.resources.parameters import MISSING, PSEUDO, in_force, text
from archproof.resources.resource import Path

NO_VALUE = object()
"""What `AWS::NoValue` stands for: the property is not there."""
_REMOVED = {"Ref": "AWS::NoValue"}
_MAX_CHAIN = 100
"""How many conditions may each rest on the next before the first is taken as unknown."""
_Moves = dict[Path, Path]


class Evaluation:
    """What the parameters, conditions and mappings of a template say.

    `region` is the region that is taken for granted; None where it is not known.
    """

    def __init__(
        self,
        parameters: Mapping[str, Any],
        given: Mapping[str, Any],
        conditions: Mapping[str, Any],
        mappings: Mapping[str, Any],
        *,
        region: str | None = None,
        account: str | None = None,
        attribute: Callable[[str, str], Any] | None = None,
    ) -> None:
        self.parameters = parameters
        self.given = given
        self.conditions = conditions
        self.mappings = mappings
        self.region = given.get("AWS::Region") or region
        self.account = given.get("AWS::AccountId") or account
        self.attribute = attribute
        """What `Fn::GetAtt` gives where the template says it; MISSING elsewhere."""
        self.moves: _Moves = {}
        """Where a value stands now → where the template says it, for what stands elsewhere than it was said."""
        self._decided: dict[str, bool | None] = {}
        self._open: set[str] = set()
        self._following: set[tuple[str, ...]] = set()
        self._values: dict[str, Any] = {}

    def named(self, name: str) -> Any:
        """The value of a parameter or pseudo parameter, MISSING where it is not known (or is a resource's)."""
        if name not in self._values:
            self._values[name] = self._pseudo(name) if name in PSEUDO else self._parameter(name)
        return self._values[name]

    def _parameter(self, name: str) -> Any:
        return in_force(name, self.parameters[name], self.given) if name in self.parameters else MISSING

    def _pseudo(self, name: str) -> Any:
        if name in self.given:
            return self.given[name]
        if name == "AWS::NoValue":
            return NO_VALUE
        if name == "AWS::AccountId":
            return self.account or MISSING
        if self.region is None or name not in ("AWS::Region", "AWS::Partition", "AWS::URLSuffix"):
            return MISSING
        if name == "AWS::Region":
            return self.region
        from archproof import facts

        try:
            partition = facts.region(self.region).partition
        except KeyError:
            return MISSING
        if name == "AWS::Partition":
            return partition
        return {"aws": "amazonaws.com", "aws-us-gov": "amazonaws.com", "aws-cn": "amazonaws.com.cn"}.get(
            partition, MISSING
        )

    def value(self, value: Any, at: Path | None = None, said: Path = ()) -> Any:
        """`value` with all that is known in it filled in; the same object where that is nothing.

        `at` is the path that the value gets and `said` the one it is said at; with `at`, `moves` is kept.
        NO_VALUE where there is none.
        """
        if type(value) is dict:
            if len(value) == 1:
                key = next(iter(value))
                if key == "Ref" or key[:4] == "Fn::":
                    return self._function(key, value, at, said)
            return self._map(value, at, said)
        return self._list(value, at, said) if type(value) is list else value

    def _map(self, value: dict[str, Any], at: Path | None, said: Path) -> Any:
        changed: dict[str, Any] | None = None
        for key, item in value.items():
            if type(item) is dict or type(item) is list:
                new = self.value(item, None if at is None else (*at, key), (*said, key))
                if new is not item:
                    if changed is None:
                        changed = dict(value)
                    if new is NO_VALUE:
                        del changed[key]
                    else:
                        changed[key] = new
        return value if changed is None else changed

    def _list(self, value: list[Any], at: Path | None, said: Path) -> Any:
        items: list[Any] = []
        same = True
        for position, item in enumerate(value):
            new = item
            if type(item) is dict or type(item) is list:
                here = None
                if at is not None:
                    here = (*at, len(items))
                    if len(items) != position:
                        self.moves[here] = (*said, position)
                new = self.value(item, here, (*said, position))
                if new is NO_VALUE:
                    same = False
                    continue
                same = same and new is item
            elif at is not None and len(items) != position:
                self.moves[*at, len(items)] = (*said, position)
            items.append(new)
        return value if same else items

    def _function(self, key: str, whole: dict[str, Any], at: Path | None, said: Path) -> Any:
        inner = whole[key]
        if key == "Ref":
            return self._reference(inner, whole)
        if key == "Fn::If":
            return self._if(inner, whole, at, said)
        if key == "Fn::GetAtt" and self.attribute is not None and at is None:
            return self._attribute(inner, whole)
        if key == "Fn::Transform" or key.startswith("Fn::ForEach"):
            return whole
        args = self.value(inner)
        if args is NO_VALUE:
            return whole
        changed = whole if args is inner else {key: args}
        function = FUNCTIONS.get(key)
        return function(self, args, changed) if function is not None else changed

    def _reference(self, inner: Any, whole: dict[str, Any]) -> Any:
        name = self.value(inner)
        if not isinstance(name, str):
            return whole
        value = self.named(name)
        if value is not MISSING:
            return value
        return whole if name is inner else {"Ref": name}

    def _attribute(self, inner: Any, whole: dict[str, Any]) -> Any:
        """A resource's attribute as an argument of a function: `Fn::Cidr` of a VPC's block."""
        assert self.attribute is not None
        parts = inner.split(".", 1) if isinstance(inner, str) else inner
        if not (isinstance(parts, list) and len(parts) == 2 and all(isinstance(p, str) for p in parts)):
            return whole
        value = self.attribute(*parts)
        if value is MISSING or tuple(parts) in self._following:
            return whole
        self._following.add(tuple(parts))
        found = self.value(value)
        self._following.discard(tuple(parts))
        return found if isinstance(found, str) else whole

    def _if(self, inner: Any, whole: dict[str, Any], at: Path | None, said: Path) -> Any:
        if not (isinstance(inner, list) and len(inner) == 3 and isinstance(inner[0], str)):
            return whole
        holds = self.condition(inner[0])
        if holds is None:
            branches = [
                self.value(inner[n], None if at is None else (*at, "Fn::If", n), (*said, "Fn::If", n)) for n in (1, 2)
            ]
            branches = [_REMOVED if b is NO_VALUE else b for b in branches]
            if all(b is i or b == i for b, i in zip(branches, inner[1:], strict=True)):
                return whole
            return {"Fn::If": [inner[0], *branches]}
        chosen = 1 if holds else 2
        source = (*said, "Fn::If", chosen)
        if at is not None:
            self.moves[at] = source
        return self.value(inner[chosen], at, source)

    def condition(self, name: str) -> bool | None:
        """Whether a condition holds; None where that is not known."""
        if name in self._decided:
            return self._decided[name]
        if name in self._open or len(self._open) > _MAX_CHAIN or name not in self.conditions:
            return None
        self._open.add(name)
        self._decided[name] = found = self.holds(self.conditions[name])
        self._open.discard(name)
        return found

    def holds(self, expression: Any) -> bool | None:
        """Whether an expression of the section `Conditions` holds; None where that is not known."""
        if not isinstance(expression, dict) or len(expression) != 1:
            return None
        key, inner = next(iter(expression.items()))
        if key == "Condition":
            return self.condition(inner) if isinstance(inner, str) else None
        if not isinstance(inner, list):
            return None
        if key == "Fn::Not":
            held = self.holds(inner[0]) if inner else None
            return None if held is None else not held
        if key in ("Fn::And", "Fn::Or"):
            # one that decides is enough, whatever the others are
            decisive = key == "Fn::Or"
            held_all = [self.holds(part) for part in inner]
            return decisive if decisive in held_all else None if None in held_all else not decisive
        return self._equal(inner) if key == "Fn::Equals" and len(inner) == 2 else None

    def _equal(self, pair: list[Any]) -> bool | None:
        left, right = (self.value(side) for side in pair)
        if left is NO_VALUE or right is NO_VALUE:
            return left is right
        if is_known(left) and is_known(right):
            return bool(plain(left) == plain(right))
        return True if left == right else None


def plain(value: Any) -> Any:
    """A value in the words in which CloudFormation compares it: every scalar a text."""
    if isinstance(value, list):
        return [plain(v) for v in value]
    return text(value) if isinstance(value, (bool, int, float)) else value


def depends_on(conditions: Mapping[str, Any], name: str) -> dict[str, list[Any]]:
    """The parameters that a condition rests on, each with the values that it is compared with."""
    found: dict[str, list[Any]] = {}
    seen: set[str] = set()
    waiting: list[Any] = [{"Condition": name}]
    while waiting:
        value = waiting.pop()
        if isinstance(value, list):
            waiting.extend(value)
        elif isinstance(value, dict):
            for key, inner in value.items():
                if key == "Condition" and isinstance(inner, str):
                    if inner not in seen:
                        seen.add(inner)
                        waiting.append(conditions.get(inner))
                elif key == "Ref" and isinstance(inner, str):
                    found.setdefault(inner, [])
                else:
                    if key == "Fn::Equals" and isinstance(inner, list):
                        _compared(inner, found)
                    waiting.append(inner)
    return found


def _compared(sides: list[Any], found: dict[str, list[Any]]) -> None:
    names = [s["Ref"] for s in sides if isinstance(s, dict) and isinstance(s.get("Ref"), str)]
    for name in names:
        found.setdefault(name, []).extend(s for s in sides if isinstance(s, (str, int, float)))
