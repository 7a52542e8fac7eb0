"""Running ELK: in V8 (`mini-racer`), or in QuickJS where there is no V8. Both give the same geometry.

ELK's worker is driven without an event loop: its one `setTimeout` is called through at once, so a
layout is a plain function call, and nothing is left running.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

from archproof.assets import read_text
from archproof.errors import ArchproofError

Evaluate = Callable[[str], Any]

_BEFORE = "var global=globalThis,setTimeout=function(f){f();return 0},clearTimeout=function(){},module={exports:{}};"
_AFTER = """
var __answer, __worker = new module.exports.Worker();
__worker.onmessage = function (e) { __answer = e.data; };
__worker.postMessage({id: 0, cmd: 'register', algorithms: ['layered', 'rectpacking']});
function __layout(graph) {
  __answer = null;
  __worker.postMessage({id: 1, cmd: 'layout', graph: graph, layoutOptions: {}, options: {}});
  if (!__answer) return JSON.stringify({error: 'no answer'});
  if (__answer.error) return JSON.stringify({error: String(__answer.error.message || __answer.error)});
  // `$H` is the engine's own numbering of objects: it counts on from one layout to the next
  return JSON.stringify(__answer.data, function (key, value) { return key === '$H' ? undefined : value; });
}
"""


class LayoutError(ArchproofError):
    """The layout engine is not there or refused a graph."""


class Engine:
    """A JavaScript context with ELK loaded: lays out any number of graphs."""

    def __init__(self, evaluate: Evaluate, name: str) -> None:
        self._evaluate = evaluate
        self.name = name
        # the worker reads `self` only where there is no `module`; a strict script needs its globals made before
        evaluate(_BEFORE)
        evaluate(f"(function(module,exports){{{read_text('elk-worker.min.js')}\n}})(module,module.exports);0")
        evaluate(_AFTER + ";0")

    def layout(self, graph: dict[str, Any]) -> dict[str, Any]:
        """Lay out one ELK graph and return it with coordinates."""
        # JSON is not quite a subset of JavaScript source unless U+2028 and U+2029 are escaped: ASCII does it
        answer: dict[str, Any] = json.loads(self._evaluate(f"__layout({json.dumps(graph)})"))
        if "error" in answer:
            raise LayoutError(f"the layout engine refused the graph: {answer['error']}")
        return answer


@contextmanager
def v8() -> Iterator[Engine]:
    """ELK in V8. The context is always closed: an open one keeps the process from ending."""
    from py_mini_racer import MiniRacer, init_mini_racer

    # by default mini-racer has V8 compile on the very thread that waits for the layout: that takes twice as long
    init_mini_racer(flags=(), ignore_duplicate_init=True)
    with MiniRacer() as context:
        yield Engine(context.eval, "v8")


def prepare() -> None:
    """Load V8 into the process, where it is there: for a thread, before pictures are needed."""
    with suppress(ImportError):
        from py_mini_racer import init_mini_racer

        init_mini_racer(flags=(), ignore_duplicate_init=True)


@contextmanager
def quickjs() -> Iterator[Engine]:
    """ELK in QuickJS: slower, and everywhere."""
    import quickjs as module

    context = module.Context()
    context.set_max_stack_size(64 * 1024 * 1024)
    yield Engine(context.eval, "quickjs")


@contextmanager
def engine() -> Iterator[Engine]:
    """The fastest engine that this machine has."""
    try:
        import py_mini_racer  # noqa: F401
    except ImportError:
        try:
            import quickjs as _  # noqa: F401
        except ImportError:
            raise LayoutError("pictures need mini-racer or quickjs-ng: install one of them") from None
        with quickjs() as found:
            yield found
    else:
        with v8() as found:
            yield found
