"""A module as it is called once: its variables, locals, resources, calls and outputs, worked out when asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from archproof.errors import Location
from archproof.sources.hcl import constraints, files, functions
from archproof.sources.hcl import expressions as ex
from archproof.sources.hcl.blocks import Block
from archproof.sources.hcl.evaluation import Run
from archproof.sources.hcl.folder import Config, Folders
from archproof.sources.hcl.instances import Instance, RemoteModule, instances_of
from archproof.sources.hcl.symbols import Failure, Input, Symbol, Unknown
from archproof.suggest import did_you_mean

MAX_DEPTH = 12
"""How deep modules may call modules."""


class World:
    """What all modules of one configuration share."""

    def __init__(self, run: Run, folders: Folders) -> None:
        self.run = run
        self.folders = folders
        self.root = folders.root if folders.root.is_dir() else folders.root.parent
        self.open: dict[str, None] = {}
        """What is being worked out, to find what depends on itself."""
        self.remote: list[RemoteModule] = []

    @contextmanager
    def opened(self, name: str) -> Iterator[bool]:
        """Work out `name`; False where that is already being done: it depends on itself."""
        if name in self.open:
            yield False
            return
        self.open[name] = None
        try:
            yield True
        finally:
            del self.open[name]

    def circle(self, name: str, location: Location) -> None:
        """Note that `name` depends on itself, by way of what is open."""
        names = list(self.open)
        way = [*names[names.index(name) :], name]
        shown = way if len(way) <= 8 else [*way[:4], "…", *way[-3:]]
        self.run.problem(location, f"{name} depends on itself: {' → '.join(shown)}")


class Module:
    """One call of a module, or the root module."""

    def __init__(
        self, world: World, config: Config, prefix: str = "", given: dict[str, Callable[[], Any]] | None = None,
        parent: Module | None = None, providers: dict[str, Any] | None = None,
    ) -> None:  # fmt: skip
        self.world = world
        self.run = world.run
        self.config = config
        self.prefix = prefix
        """What addresses in it begin with: `module.net["a"].`, or nothing."""
        self.given = given or {}
        self.parent = parent
        self.depth: int = parent.depth + 1 if parent else 0
        self.scope = ModuleScope(self, {})
        self._values: dict[str, Any] = {}
        self.providers = providers or {}

    def kept(self, name: str, location: Location, work: Callable[[], Any]) -> Any:
        """The result of `work`, done once; a symbol where it fails or depends on itself."""
        key = f"{self.prefix}{name}"
        if name in self._values:
            return self._values[name]
        with self.world.opened(key) as fresh:
            if not fresh:
                self.world.circle(key, location)
                return Unknown(key)
            found = self.attempt(key, location, work)
        self._values[name] = found
        return found

    def attempt(self, what: str, location: Location, work: Callable[[], Any]) -> Any:
        """The result of `work`; where it has none, a symbol, and a note why."""
        self.run.where = location
        try:
            return work()
        except Failure as failure:
            self.run.note(what, str(failure), location)
            return Unknown(what)

    # --- what names mean

    def variable(self, name: str) -> Any:
        """The value of a variable that is declared."""
        block = self.config.variables[name]
        return self.kept(f"var.{name}", block.location, lambda: self._variable(name, block))

    def _variable(self, name: str, block: Block) -> Any:
        default = block.body.expression("default")
        held: Any = None
        if name in self.given:
            held = self.given[name]()
        elif default is not None:
            held = default.value(self.scope)
        elif self.parent is None:
            return Input(name, self._is_true(block, "sensitive"))
        if held is None and default is not None and name in self.given and not self._is_true(block, "nullable", True):
            held = default.value(self.scope)
        held = constraints.converted(held, block.body.expression("type"), self.scope)
        if self.parent is None and self._is_true(block, "sensitive") and isinstance(held, str) and held:
            return Input(name, True, held)
        return held

    def _is_true(self, block: Block, name: str, default: bool = False) -> bool:
        expression = block.body.expression(name)
        return expression.held is True if isinstance(expression, ex.Literal) else default

    def local(self, name: str) -> Any:
        """The value of a local that is declared."""
        attribute = self.config.locals[name]
        return self.kept(f"local.{name}", attribute.location, lambda: attribute.expression.value(self.scope))

    def resource(self, mode: str, type: str, name: str) -> Any:
        """The instance, or the list or map of instances, of a resource or data source that is declared."""
        block = self.config.resources[mode, type, name]
        address = f"data.{type}.{name}" if mode == "data" else f"{type}.{name}"

        def make(key: Any, names: dict[str, Any], blurred: bool) -> Instance:
            return Instance(self, block, mode, type, f"{self.prefix}{address}{_key(key)}", key, names, blurred)

        return self.kept(address, block.location, lambda: instances_of(self, block, address, make))

    def call(self, name: str) -> Any:
        """The module, or the list or map of modules, that a call makes."""
        block = self.config.calls[name]
        return self.kept(f"module.{name}", block.location, lambda: self._call(name, block))

    def _call(self, name: str, block: Block) -> Any:
        from archproof.sources.hcl.calls import make_call

        return make_call(self, name, block)

    def output(self, name: str) -> Any:
        """The value of an output. Raises Failure where there is none."""
        block = self.config.outputs.get(name)
        if block is None:
            raise Failure(f"the module has no output '{name[:60]}'{did_you_mean(name, self.config.outputs)}")
        expression = block.body.expression("value")
        if expression is None:
            return None
        return self.kept(f"output.{name}", block.location, lambda: expression.value(self.scope))

    def member(self, key: str | int) -> Any:
        """An output, as callers name it."""
        return self.output(str(key))


def _key(key: Any) -> str:
    if key is None:
        return ""
    return f"[{key}]" if isinstance(key, int) else f'["{key}"]'


class ModuleScope:
    """What names mean inside a module, and inside its blocks with `each`, `count` and iterators."""

    __slots__ = ("module", "names", "run")

    def __init__(self, module: Module, names: dict[str, Any]) -> None:
        self.module = module
        self.run = module.run
        self.names = names

    def within(self, names: dict[str, Any]) -> ModuleScope:
        """The scope with more names."""
        return ModuleScope(self.module, {**self.names, **names})

    def lookup(self, name: str, expression: ex.Expression) -> Any:
        """What a name at the beginning of an expression means."""
        if name in self.names:
            return self.names[name]
        kind = _NAMESPACES.get(name)
        if kind is not None:
            return kind(self.module, expression)
        if name in ("each", "count", "self"):
            with_what = {"each": "for_each", "count": "count"}.get(name, "a provisioner")
            self.run.problem(expression.location, f"'{name}' has a meaning only with {with_what}")
            return Unknown(name)
        return _Type(self.module, expression, "resource", name)

    def call(self, name: str, arguments: list[Any], expression: ex.Expression) -> Any:
        """The value of a function."""
        if name in files.NAMES:
            settled = [self.run.settle(a) for a in arguments]
            if not self.run.is_known(settled[:1] if name == "templatefile" else settled):
                return expression.unknown(*arguments)
            if name == "templatefile":
                return self._template_file(settled[0], arguments[1] if len(arguments) > 1 else {})
            return files.call(self.module.world.root, name, *settled)
        return functions.call(self.run, name, arguments, expression)

    def _template_file(self, name: Any, variables: Any) -> Any:
        from archproof.errors import InputError
        from archproof.sources.hcl import templates
        from archproof.sources.hcl.scan import Source, Template

        if not isinstance(variables, dict):
            return Unknown("templatefile(…)")
        text = files.text(self.module.world.root, name)
        try:
            parsed = templates.parse(Source(text, str(name)), Template(text, 0, heredoc=True), 0)
        except InputError as error:
            raise Failure(str(error)[:200]) from None
        return parsed.value(_FileScope(self.module, dict(variables)))


class _FileScope(ModuleScope):
    """What names mean inside the file of `templatefile`: only the variables that it is given."""

    def lookup(self, name: str, expression: ex.Expression) -> Any:
        if name in self.names:
            return self.names[name]
        raise Failure(f"the template names '{name[:60]}', which it is not given{did_you_mean(name, self.names)}")

    def within(self, names: dict[str, Any]) -> ModuleScope:
        return _FileScope(self.module, {**self.names, **names})

    def call(self, name: str, arguments: list[Any], expression: ex.Expression) -> Any:
        if name == "templatefile":
            raise Failure("a template cannot read a template")
        return super().call(name, arguments, expression)


class _Namespace:
    """A name at the beginning of an expression whose parts are looked up in a module."""

    def __init__(self, module: Module, expression: ex.Expression) -> None:
        self.module = module
        self.expression = expression

    def missing(self, title: str, name: str, known: Any) -> Symbol:
        """A symbol for what is not declared; a problem where it should have been."""
        if not self.module.config.partial:
            message = f"{title} is not declared{did_you_mean(name, known)}"
            self.module.run.problem(self.expression.location, message)
        return Unknown(title)


class _Variables(_Namespace):
    def member(self, key: str | int) -> Any:
        known = self.module.config.variables
        if key in known:
            return self.module.variable(str(key))
        if self.module.config.partial and key in self.module.given:
            return self.module.given[str(key)]()
        return self.missing(f"var.{key}", str(key), known)


class _Locals(_Namespace):
    def member(self, key: str | int) -> Any:
        known = self.module.config.locals
        return self.module.local(str(key)) if key in known else self.missing(f"local.{key}", str(key), known)


class _Modules(_Namespace):
    def member(self, key: str | int) -> Any:
        known = self.module.config.calls
        return self.module.call(str(key)) if key in known else self.missing(f"module.{key}", str(key), known)


class _Data(_Namespace):
    def member(self, key: str | int) -> Any:
        return _Type(self.module, self.expression, "data", str(key))


class _Type(_Namespace):
    """A type of resources."""

    def __init__(self, module: Module, expression: ex.Expression, mode: str, type: str) -> None:
        super().__init__(module, expression)
        self.mode = mode
        self.type = type

    def member(self, key: str | int) -> Any:
        if (self.mode, self.type, str(key)) in self.module.config.resources:
            return self.module.resource(self.mode, self.type, str(key))
        known = [".".join(k[1:]) for k in self.module.config.resources if k[0] == self.mode]
        title = f"{'data.' * (self.mode == 'data')}{self.type}.{key}"
        return self.missing(title, f"{self.type}.{key}", known)


class _Paths(_Namespace):
    def member(self, key: str | int) -> Any:
        if key in ("root", "cwd"):
            return "."
        if key != "module":
            raise Failure(f"there is no path.{key}; path.module, path.root and path.cwd are")
        import os

        config = self.module.config
        return os.path.relpath(os.path.realpath(config.path), os.path.realpath(self.module.world.root)).replace(
            os.sep, "/"
        )


class _Terraform(_Namespace):
    def member(self, key: str | int) -> Any:
        return Unknown(f"terraform.{key}")


_NAMESPACES: dict[str, Any] = {
    "var": _Variables, "local": _Locals, "module": _Modules, "data": _Data, "path": _Paths, "terraform": _Terraform,
}  # fmt: skip
