"""Lifting: resources in CloudFormation shape become a concise model that lowers to exactly these resources.

It is done by trying (`synthesis`): every resource gets a `Draft` of a component, the drafts are lowered, and
what comes out is compared with what should have come out. A field that did not bring its property back is
dropped; what is missing goes to `properties`, verbatim; what is too much is nulled; a kind that cannot say a
resource gives way to `type:`. So the law `lower_model(lift(R)) == R` holds whatever a guess was worth, and a
module of one subject only ever makes guesses. A lifted system is `exact`: nothing is made that is not said.

What is generic (no code for a kind): the kinds of a CloudFormation type are those with that `cfn`; the field of
a property is the one that the kind's lowering declares in `origins`; types, units and `refers` of the field say
how its value is read (`_guess`). What a kind offers to make beside its main resource (`Lowering.unmade`) is
claimed from the resources that name the main one or are named by it (`_claims`).

What the generic way cannot see is a module of this package with two names:

    SUBJECT = "functions"          # a literal constant, by which it is found
    ORDER = 10                     # optional: lower ones are asked first (50)
    def lift(lifting: Lifting) -> None: ...

`lift` is called once, after every resource has a draft with its guessed fields, and before anything is lowered.
It changes drafts through `Lifting` (see `archproof.sources.lifting.drafts`):

* `lifting.of_type(*types)` gives drafts, `lifting.named(value)` the draft that a `Ref`, `Fn::GetAtt` or a plain
  `Fn::Sub` of one name stands for, `lifting.users(resource, *types)` the resources that name it;
* `_guess.fill(lifting, draft)` guesses what a draft of a kind does not say yet (a kind with a field that it
  needs and that cannot be guessed is `type:` at first: set `draft.kind`, say the field, then fill);
* `draft.say(field, value, *path)` says a field in the words of the language (what `yaml` would hold: ids of
  components, lists, maps; in intrinsics the logical ids of the source, which become ids of components at the end),
  lifted from the property at `path`; `draft.kind` may be changed;
* `lifting.claim(owner, suffix, resource)` makes a resource one that `owner`'s kind makes beside its own
  (`LogGroup`, `Role`, …): it has no draft any more, and its residual goes to `owner`'s `resources:`;
* `lifting.link(source, target, verb, place, **options)` adds an entry of `links`; links make nothing in an exact
  system but what the verb `implies` (an event source mapping): say `wired=True` where that is said elsewhere;
* `lifting.absorb(section, resource, path)` takes a resource into a section of the model (`network`), whose value
  is `lifting.sections[section]`; where one resource of a section does not come out as it was, the whole section
  is given up and each of its resources becomes a component again;
* `lifting.entrust(resource, component, take_back)` leaves a resource to a field or a link that makes it under its own
  logical id (a route's permission, the mapping of a trigger); `take_back` unsays that where it came out otherwise;
* `lifting.call(made, logical_id)` says what the resource is called for which the tool would make the name `made`.

No claim, link or section is trusted: what does not lower to the resource again is taken back. `lift` of a module
must not raise for resources of any shape: properties may be missing, symbolic, or of the wrong type.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from archproof.model.architecture import Architecture
    from archproof.resources.resource import Resources


def lift(resources: Resources) -> Architecture:
    """Return the architecture of `resources`; its `given` are the resources themselves.

    Each resource's `component` is set to the component that it became (part of).
    """
    from archproof.sources.lifting.synthesis import synthesise

    architecture = synthesise(resources)
    architecture.given = resources
    return architecture
