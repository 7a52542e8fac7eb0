"""A flow as a sequence diagram: participants in the order in which they first act."""

from __future__ import annotations

from archproof.model.architecture import Architecture
from archproof.renderers.scene import Message, Participant, SequenceScene
from archproof.renderers.views._parts import kind_label


def build(name: str, architecture: Architecture) -> SequenceScene:
    """Build the sequence scene of a flow."""
    flow = architecture.flows[name]
    order: dict[str, None] = {}
    for step in flow.steps:
        order.setdefault(step.from_)
        order.setdefault(step.to)
    participants = tuple(
        Participant(c, architecture.title(c), architecture.components[c].kind, icon_key(architecture, c),
                    subtitle=kind_label(architecture.components[c]))
        for c in order
    )  # fmt: skip
    messages = tuple(
        Message(s.from_, s.to, s.does, s.returns or "", s.mode, _failures(architecture, s.fails), str(number))
        for number, s in enumerate(flow.steps, 1)
    )
    title = flow.title or name.replace("_", " ").capitalize()
    return SequenceScene(
        name, title, participants, messages, flow.summary or "", _description(title, architecture, name)
    )


def _failures(architecture: Architecture, fails: dict[str, str]) -> tuple[tuple[str, str], ...]:
    """Failures by their code; where the code is a component (a dead-letter queue), by its title."""
    return tuple((architecture.title(k) if k in architecture.components else k, why) for k, why in fails.items())


def icon_key(architecture: Architecture, name: str) -> str:
    """What the icon of a component is found by: its CloudFormation type for any resource, else its kind."""
    component = architecture.components[name]
    return getattr(component, "type", component.kind) if component.kind == "resource" else component.kind


def _description(title: str, architecture: Architecture, name: str) -> str:
    steps = architecture.flows[name].steps
    told = "; ".join(
        f"{n}. {architecture.title(s.from_)} to {architecture.title(s.to)}: {s.does}" for n, s in enumerate(steps, 1)
    )
    return f"{title}: {told}"
