"""From the trees of `hcl2`'s grammar to expressions and blocks with their places."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archproof.errors import InputError
from archproof.sources.hcl import expressions as ex
from archproof.sources.hcl import templates
from archproof.sources.hcl.blocks import Attribute, Block, Body
from archproof.sources.hcl.evaluation import whole
from archproof.sources.hcl.scan import Source, Template, scan

if TYPE_CHECKING:
    from lark import Token, Tree

_WORDS = {"true": True, "false": False, "null": None}
_TRIVIA = ("new_line_or_comment",)


def parse_body(source: Source) -> Body:
    """The blocks and attributes of a whole file. Raises InputError with the place of what is wrong."""
    scanned = scan(source)
    tree = _tree(source, scanned.text, 0, 0)
    try:
        return _Builder(source, 0, scanned.templates).body(tree.children[0])
    except RecursionError:
        raise source.error(0, "nested too deep") from None


def parse_expression(source: Source, start: int, end: int) -> ex.Expression:
    """The expression between two offsets of a file. Raises InputError."""
    scanned = scan(source, start, end)
    prefix = "_=("
    tree = _tree(source, f"{prefix}{scanned.text})", start - len(prefix), end)
    builder = _Builder(source, start - len(prefix), {o + len(prefix): t for o, t in scanned.templates.items()})
    attribute = next(c for c in tree.children[0].children if getattr(c, "data", "") == "attribute")
    found = builder.expression(attribute.children[2])
    return found.held if isinstance(found, ex.Group) else found


def _tree(source: Source, text: str, offset: int, end: int) -> Any:
    """The grammar's tree of a text that stands at `offset` of the file."""
    from lark.exceptions import UnexpectedInput

    from archproof.sources.hcl import _grammar

    try:
        return _grammar.parse(text)
    except UnexpectedInput as error:
        token: Any = getattr(error, "token", None)
        found = getattr(token, "start_pos", None) if token is not None else error.pos_in_stream
        raise _unexpected(source, text, offset, found, token, error) from None
    except RecursionError:
        raise source.error(max(offset, 0), "nested too deep") from None


_EXPECTED = {
    "EQ": "'='", "LBRACE": "'{'", "RBRACE": "'}'", "RPAR": "')'", "RSQB": "']'", "COMMA": "','", "COLON": "':'",
    "DBLQUOTE": "a text", "NAME": "a name", "NL_OR_COMMENT": "a new line", "IN": "'in'", "FOR_OBJECT_ARROW": "'=>'",
}  # fmt: skip


def _unexpected(source: Source, text: str, offset: int, found: int | None, token: Any, error: Any) -> InputError:
    """The grammar's complaint in words: what stands there, and what could."""
    at = min(max((found if found is not None else len(text)) + offset, 0), max(len(source.text) - 1, 0))
    expected = sorted(_EXPECTED[n] for n in (getattr(error, "accepts", None) or error.expected or ()) if n in _EXPECTED)
    words = str(token).strip() if token is not None else source.text[at : at + 1]
    if (token is not None and token.type == "$END") or (not words and found is None):
        what = "the file ends here"
    elif not words:
        what = "the line ends here"
    else:
        what = f"'{words[:40]}' cannot stand here"
    hint = f"; expected {' or '.join(expected)}" if 0 < len(expected) <= 4 else ""
    return source.error(at, f"not HCL: {what}{hint}", max(len(words[:40]), 1))


class _Builder:
    """Builds from the tree of one text that stands at `offset` of its file."""

    def __init__(self, source: Source, offset: int, set_aside: dict[int, Template]) -> None:
        self.source = source
        self.offset = offset
        self.templates = set_aside

    def span(self, tree: Any) -> tuple[Source, int, int]:
        """Where a tree or token stands in the file."""
        place = tree.meta if hasattr(tree, "meta") else tree
        end = self.offset + place.end_pos
        return self.source, self.offset + place.start_pos, min(end, len(self.source.text))

    # --- structure

    def body(self, tree: Any) -> Body:
        """The contents of a file or block."""
        body = Body()
        for child in tree.children:
            if child.data == "attribute":
                name = _word(child.children[0])
                value = self.expression(child.children[-1])
                attribute = Attribute(name, value, self.source, self.span(child)[1])
                if name in body.attributes:
                    line = body.attributes[name].location.line
                    raise InputError([_duplicate(attribute, line)])
                body.attributes[name] = attribute
            elif child.data == "block":
                body.blocks.append(self.block(child))
        return body

    def block(self, tree: Any) -> Block:
        """One block with its labels."""
        words = [c for c in tree.children if hasattr(c, "data") and c.data not in ("body", *_TRIVIA)]
        inner = next(c for c in tree.children if getattr(c, "data", "") == "body")
        labels = [self._label(w) for w in words[1:]]
        source, start, end = self.span(tree)
        return Block(_word(words[0]), labels, self.body(inner), source, start, self.span(words[-1])[2], end)

    def _label(self, tree: Any) -> str:
        if tree.data != "string":
            return _word(tree)
        found = self.string(tree)
        if not isinstance(found, ex.Literal):
            raise self.source.error(found.start, "a block's label cannot hold '${'")
        return str(found.held)

    # --- expressions

    def expression(self, tree: Any) -> ex.Expression:
        """Any expression."""
        data = tree.data
        if data == "expr_term":
            return self.term(tree)
        if data == "conditional":
            parts = [self.expression(c) for c in _trees(tree)]
            return ex.Conditional(*self.span(tree), *parts)
        if data == "binary_op":
            return self.binary(tree)
        if data == "unary_op":
            return ex.Unary(*self.span(tree), str(tree.children[0]).strip(), self.expression(tree.children[-1]))
        method = getattr(self, f"_{data}", None)
        if method is None:
            raise self.source.error(self.span(tree)[1], f"an expression that is not read here ({data})")
        found: ex.Expression = method(tree)
        return found

    def binary(self, tree: Any) -> ex.Expression:
        """Left-recursive operators as one flat list, so that a long sum is not deep."""
        rest: list[tuple[str, ex.Expression]] = []
        node = tree
        while node.data == "binary_op":
            term = next(c for c in _trees(node) if c.data == "binary_term")
            sign, operand = _trees(term)
            rest.append((str(sign.children[0]).split()[-1], self.expression(operand)))
            node = node.children[0]
        return ex.Binary(*self.span(tree), self.expression(node), tuple(reversed(rest)))

    def term(self, tree: Any) -> ex.Expression:
        """What an operator stands between."""
        inner = _trees(tree)
        if len(inner) == 1 and tree.children[0] is inner[0]:
            return self.expression(inner[0])
        return ex.Group(*self.span(tree), self.expression(inner[0]))

    def _identifier(self, tree: Any) -> ex.Expression:
        return ex.Name(*self.span(tree), str(tree.children[0]))

    def _literal_value(self, tree: Any) -> ex.Expression:
        return ex.Literal(*self.span(tree), _WORDS[str(tree.children[0])])

    def _int_lit(self, tree: Any) -> ex.Expression:
        text = "".join(map(str, tree.children))
        if len(text) > 400:
            raise self.source.error(self.span(tree)[1], "a number of more than 400 digits")
        return ex.Literal(*self.span(tree), int(text))

    def _float_lit(self, tree: Any) -> ex.Expression:
        return ex.Literal(*self.span(tree), whole(float("".join(map(str, tree.children)))))

    def string(self, tree: Any) -> ex.Expression:
        """A quoted text, or what was set aside at its place."""
        source, start, end = self.span(tree)
        template = self.templates.get(start - self.offset)
        if template is not None:
            return templates.parse(source, template, start)
        written = source.text[start + 1 : end - 1]
        return ex.Literal(source, start, end, templates.unescaped(written) if "\\" in written else written)

    _string = string

    def _tuple(self, tree: Any) -> ex.Expression:
        return ex.Tuple(*self.span(tree), tuple(self.expression(c) for c in _trees(tree)))

    def _object(self, tree: Any) -> ex.Expression:
        entries = []
        for element in _trees(tree):
            key, held = (c for c in element.children if hasattr(c, "data"))
            entries.append(ex.Entry(self._key(key.children[0]), self.expression(held)))
        return ex.Object(*self.span(tree), tuple(entries))

    def _key(self, tree: Any) -> ex.Expression:
        if tree.data == "keyword":
            return ex.Literal(*self.span(tree), str(tree.children[0]))
        found = self.expression(tree)
        if isinstance(found, ex.Name):
            return ex.Literal(found.source, found.start, found.end, found.name)
        if isinstance(found, ex.Literal) and not isinstance(found.held, str):
            written = self.source.text[found.start : found.end]
            return ex.Literal(found.source, found.start, found.end, written)
        return found

    def _function_call(self, tree: Any) -> ex.Expression:
        names = [str(c.children[0]) for c in _trees(tree) if c.data == "identifier"]
        held = next((c for c in tree.children if getattr(c, "data", "") == "arguments"), None)
        children = _trees(held) if held is not None else []
        expand = held is not None and any(getattr(c, "type", "") == "ELLIPSIS" for c in held.children)
        return ex.Call(*self.span(tree), "::".join(names), tuple(map(self.expression, children)), expand)

    def _chain(self, tree: Any) -> ex.Expression:
        """`a.b[c][*].d`: the steps from left to right, without going deeper for each."""
        steps: list[Any] = []
        node = tree
        while True:
            inner = _trees(node)
            if node.data == "expr_term" and len(inner) == 1 and node.children[0] is inner[0]:
                node = inner[0]
            elif node.data.endswith("_expr_term") and node.data in _CHAINED:
                steps.append((inner[-1], self.span(node)[2]))
                node = inner[0]
            else:
                break
        found = self.expression(node)
        for step, end in reversed(steps):
            found = self._step(found, step, end)
        return found

    _index_expr_term = _get_attr_expr_term = _attr_splat_expr_term = _full_splat_expr_term = _chain

    def _step(self, base: ex.Expression, step: Any, end: int) -> ex.Expression:
        place = (base.source, base.start, end)
        if step.data in ("attr_splat", "full_splat"):
            return ex.Splat(*place, base, tuple(self._splat_step(s) for s in _trees(step)))
        found = self._splat_step(step)
        if isinstance(found, str):
            return ex.Member(*place, base, found)
        return ex.Index(*place, base, found)

    def _splat_step(self, step: Any) -> str | ex.Expression:
        if step.data == "get_attr":
            return _word(step.children[-1])
        if step.data == "short_index":
            return ex.Literal(*self.span(step), int(str(step.children[-1])))
        return self.expression(_trees(step)[0])

    def _for_tuple_expr(self, tree: Any) -> ex.Expression:
        intro, item, condition = self._for_parts(tree)
        return ex.For(*self.span(tree), intro[0], intro[1], None, item[0], condition)

    def _for_object_expr(self, tree: Any) -> ex.Expression:
        intro, item, condition = self._for_parts(tree)
        grouped = any(getattr(c, "type", "") == "ELLIPSIS" for c in tree.children)
        return ex.For(*self.span(tree), intro[0], intro[1], item[0], item[1], condition, grouped)

    def _for_parts(self, tree: Any) -> tuple[Any, list[ex.Expression], ex.Expression | None]:
        children = _trees(tree)
        intro = _trees(children[0])
        names = tuple(_word(c) for c in intro[:-1])
        condition = None
        if children[-1].data == "for_cond":
            condition = self.expression(_trees(children.pop())[0])
        return (names, self.expression(intro[-1])), [self.expression(c) for c in children[1:]], condition


_CHAINED = ("index_expr_term", "get_attr_expr_term", "attr_splat_expr_term", "full_splat_expr_term")


def _trees(tree: Tree[Token]) -> list[Any]:
    return [c for c in tree.children if hasattr(c, "data") and c.data not in _TRIVIA]


def _word(tree: Any) -> str:
    return str(tree.children[0])


def _duplicate(attribute: Attribute, line: int) -> Any:
    from archproof.errors import Problem

    return Problem(attribute.location, f"'{attribute.name[:60]}' is said twice (first on line {line})")
