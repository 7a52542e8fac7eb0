"""Classes of fields by position or by name, with their defaults, that cost next to nothing to define.

A data class costs a fraction of a millisecond where it is defined, at every start of a check, and there are many.
"""

from __future__ import annotations

from dataclasses import Field, field
from typing import Any, ClassVar, Self, dataclass_transform


@dataclass_transform(eq_default=False, field_specifiers=(field,))
class Fields:
    """A data class without a decorator: a subclass names its fields, and the type checker knows how it is made.

    Two instances are equal where they are one.
    """

    _names: ClassVar[tuple[str, ...]] = ()
    _made: ClassVar[tuple[tuple[str, Any], ...]] = ()
    """Fields whose default is made anew for each instance, and what makes it."""

    def __init_subclass__(cls) -> None:
        cls._names = tuple(cls.__annotations__)
        held = vars(cls)
        cls._made = tuple(
            (name, held[name].default_factory) for name in cls._names if isinstance(held.get(name), Field)
        )

    def __init__(self, *values: Any, **named: Any) -> None:
        own = self.__dict__
        own.update(zip(self._names, values, strict=False))
        own.update(named)
        for name, make in self._made:
            if name not in own:
                own[name] = make()

    def changed(self, **named: Any) -> Self:
        """A copy with other values in some fields."""
        made = object.__new__(type(self))
        own = self.__dict__
        made.__dict__.update({name: own[name] for name in self._names if name in own}, **named)
        return made
