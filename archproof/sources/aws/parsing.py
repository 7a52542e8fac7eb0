"""Parsers of AWS's XML that take a time in proportion to the answer, and not to all that the answer could hold.

botocore looks in each element for every member of its shape (an instance has 70, an answer some 20 of them). The
parsers here walk what is there. What is out of the ordinary (attributes, unions, errors) is left to botocore's own.
Those of JSON take lists for lists alone.
"""

from __future__ import annotations

import functools
from typing import Any

_TABLE = "_archproof_members"
_ORDINARY_NOT = ("location", "xmlAttribute", "eventheader", "eventpayload")


@functools.cache
def factory_class() -> Any:
    """A factory of response parsers to register with a botocore session."""
    from botocore import parsers

    class Factory(parsers.ResponseParserFactory):  # type: ignore[misc]
        def create_parser(self, protocol_name: str) -> Any:
            own = parsers.PROTOCOL_PARSERS[protocol_name]
            if issubclass(own, getattr(parsers, "BaseJSONParser", ())):
                own = _strict(own)
            return (_quick(own) if _fits(own, parsers) else own)(**self._defaults)

    return Factory if hasattr(parsers.ResponseParserFactory(), "_defaults") else parsers.ResponseParserFactory


@functools.cache
def _strict(own: Any) -> Any:
    """A parser class of JSON that takes nothing but a list for a list; botocore's own takes the keys of a map."""
    from botocore import parsers

    class Strict(own):  # type: ignore[misc]
        def _handle_list(self, shape: Any, node: Any) -> Any:
            if not isinstance(node, list):
                raise parsers.ResponseParserError(f"{shape.name} is no list")
            return super()._handle_list(shape, node)

    Strict.__name__ = own.__name__
    return Strict


def _fits(own: Any, parsers: Any) -> bool:
    """Whether a parser is one of XML, of the making that is known here."""
    base = getattr(parsers, "BaseXMLResponseParser", None)
    needed = ("_handle_structure", "_member_key_name", "_parse_shape", "_node_tag")
    return base is not None and issubclass(own, base) and all(hasattr(own, name) for name in needed)


@functools.cache
def _quick(own: Any) -> Any:
    """A parser class that walks the children of an element."""

    class Quick(own):  # type: ignore[misc]
        def _node_tag(self, node: Any) -> str:
            return str(node.tag).rpartition("}")[2]

        def _handle_structure(self, shape: Any, node: Any) -> Any:
            known = vars(shape).get(_TABLE)
            if known is None:
                known = _members(self, shape)
                setattr(shape, _TABLE, known)
            if not known:
                return super()._handle_structure(shape, node)
            if isinstance(node, list):
                node = node[0]
            found: dict[str, Any] = {}
            for child in node:
                name = child.tag.rpartition("}")[2]
                if name in known:
                    held = found.get(name)
                    if held is None:
                        found[name] = child
                    elif isinstance(held, list):
                        held.append(child)
                    else:
                        found[name] = [held, child]
            return {known[name][0]: self._parse_shape(known[name][1], held) for name, held in found.items()}

    Quick.__name__ = own.__name__
    return Quick


def _members(parser: Any, shape: Any) -> dict[str, tuple[str, Any]]:
    """The members of a shape by the names of their elements; empty for what botocore's own parser must read."""
    if shape.metadata.get("exception") or getattr(shape, "is_tagged_union", False):
        return {}
    found: dict[str, tuple[str, Any]] = {}
    for name, member in shape.members.items():
        if any(member.serialization.get(trait) for trait in _ORDINARY_NOT):
            return {}
        element = parser._member_key_name(member, name)
        if element in found:
            return {}
        found[element] = name, member
    return found
