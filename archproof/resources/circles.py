"""The strongly connected components of a graph: what refers to each other in a circle, found in one pass."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator


def strongly_connected(roots: Iterable[str], following: Callable[[str], Iterable[str]]) -> Iterator[list[str]]:
    """Yield the components that are reached from `roots`, each after all that it leads to (Tarjan, no recursion).

    `following` gives what a node leads to, and is asked once for each node. A node alone is a component, too.
    """
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    on_stack: set[str] = set()
    for root in roots:
        if root in index:
            continue
        work = [(root, iter(following(root)))]
        index[root] = low[root] = len(index)
        stack.append(root)
        on_stack.add(root)
        while work:
            node, rest = work[-1]
            for other in rest:
                if other not in index:
                    index[other] = low[other] = len(index)
                    stack.append(other)
                    on_stack.add(other)
                    work.append((other, iter(following(other))))
                    break
                if other in on_stack:
                    low[node] = min(low[node], index[other])
            else:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[node])
                if low[node] == index[node]:
                    members = [stack.pop()]
                    while members[-1] != node:
                        members.append(stack.pop())
                    on_stack.difference_update(members)
                    yield members
