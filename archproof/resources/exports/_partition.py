"""Which resource stands in which nested stack: parts that never wait for each other in a circle.

What refers to each other in a circle stays together. The rest is put in an order in which each resource comes
after all that it refers to, close to them; a part is a stretch of that order, so that references only lead back.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence

from archproof.resources.circles import strongly_connected

Graph = Mapping[str, Collection[str]]
"""Resource → the resources that it refers to."""


def clusters(graph: Graph) -> list[list[str]]:
    """The strongly connected components, each after all that it refers to."""
    return list(strongly_connected(graph, lambda name: sorted(graph[name])))


def parts(
    order: Sequence[Sequence[str]], most: int, fits: Callable[[Sequence[str]], bool], place: Mapping[str, int]
) -> list[list[str]] | None:
    """Cut the clusters into parts of `most` resources or fewer that fit; None where not even one cluster does.

    `place` is where each resource stands in the source: within a part that order is kept.
    """
    total = sum(map(len, order))
    wanted = -(-total // -(-total // most))  # parts of the same size, as few as can be
    found: list[list[str]] = []
    at = 0
    while at < len(order):
        end, size = at, 0
        while end < len(order) and size + len(order[end]) <= (wanted if size else most):
            size += len(order[end])
            end += 1
        while end > at and not fits([name for cluster in order[at:end] for name in cluster]):
            end -= max(1, (end - at) // 8) if end - at > 1 else 1
        if end == at:
            return None
        found.append(sorted((name for cluster in order[at:end] for name in cluster), key=place.__getitem__))
        at = end
    return found
