"""Views: what of the model a picture shows. Each builds a scene; none knows where anything will stand.

One module a view, with `VIEW` (its name), `TITLE` and `build(architecture, findings) -> Scene`; `PROVES = True` where
its words speak of the whole. Flows are views too, by their own names, and so are the entries of the section `views`.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterable
from typing import TYPE_CHECKING

from archproof.discovery import index
from archproof.errors import UsageError
from archproof.renderers.scene import Drawing, Scene
from archproof.suggest import did_you_mean

if TYPE_CHECKING:
    from archproof.model.architecture import Architecture
    from archproof.validators.findings import Finding

PACKAGE = "archproof.renderers.views"
ORDER = ("overview", "zones", "network", "exposure", "context")
OF_NETWORKS = ("zones", "network", "exposure")
"""Views that show nothing where there is no VPC."""


def names(architecture: Architecture) -> list[str]:
    """The views of a model, the overview first, flows last."""
    built_in = sorted(index(PACKAGE, "VIEW"), key=lambda n: (ORDER.index(n) if n in ORDER else len(ORDER), n))
    if not architecture.places.vpcs and not architecture.of_kind("vpc"):
        given = architecture.given
        proofs = given is not None and bool(given.of_type("AWS::EC2::VPC"))
        built_in = [n for n in built_in if n not in OF_NETWORKS or (proofs and n != "zones")]
    own = [n for n in architecture.views if n not in built_in]
    return [*built_in, *own, *(n for n in architecture.flows if n not in built_in and n not in own)]


def build(name: str, architecture: Architecture, findings: Iterable[Finding] = ()) -> Drawing:
    """Build the scene of a view. Raises UsageError where the model has none of that name."""
    found = [f for f in findings if f.waived is None]
    if name in architecture.views:
        return _own(name, architecture, found)
    if name in index(PACKAGE, "VIEW"):
        module = importlib.import_module(index(PACKAGE, "VIEW")[name])
        drawing: Drawing = module.build(architecture, found)
        return drawing
    if name in architecture.flows:
        from archproof.renderers.views import _flow

        return _flow.build(name, architecture)
    known = names(architecture)
    raise UsageError(f"no view '{name[:60]}'{did_you_mean(name, known)} (views: {', '.join(known)})")


def _own(name: str, architecture: Architecture, findings: list[Finding]) -> Scene:
    """A view of the model's own: a built-in one, cut down to some components."""
    from dataclasses import replace

    from archproof.renderers.views._cut import cut

    view = architecture.views[name]
    module = importlib.import_module(index(PACKAGE, "VIEW")[view.base])
    scene: Scene = module.build(architecture, findings)
    only = set(view.only)
    if only and getattr(module, "PROVES", False):
        # gateways, endpoints and the internet are no components: they stay where something that is shown meets them
        ends = [(e.source, e.target) for e in scene.edges if only & {e.source, e.target}]
        only |= {end for pair in ends for end in pair if end not in architecture.components}
    shown = cut(scene, only or None, set(view.without))
    if getattr(module, "PROVES", False) and len(shown.edges) < len(scene.edges):
        # what was told of the whole is not true of a part
        shown = replace(
            shown, subtitle=f"A part of the view {view.base}: {module.TITLE.partition(': ')[2]}", description=""
        )
    title = view.title or f"{architecture.system.title or architecture.system.name}: {name.replace('_', ' ')}"
    return replace(shown, id=name, title=title, direction="DOWN" if view.direction == "down" else "RIGHT")
