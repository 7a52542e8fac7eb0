"""Responses of AWS's API, as the AWS command line writes them, in CloudFormation shape: one module a service.

Each module lists in the literal constant `KEYS` the keys of the responses that it reads, each with the field (or
fields, one of which is enough) by which an entry of that response is told from others of the same name; `""` for
entries that are plain texts. A key that begins with a dot is a response that is the thing itself (`.FunctionArn`: any
with this field; `.Status MFADelete`: one with the first field and none but these). `READERS` holds for each key the
function `(item, snapshot)` that adds what an entry says to the snapshot. What can be read only when all resources are
known (attributes of a load balancer, targets of a group) is named in `LATER`, in that order, but for entries of which
`early(item)` is true. `finish(snapshot)`, where a module has one, is called when everything is read.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from archproof.resources.resource import Resources
    from archproof.sources.live import Live
    from archproof.sources.reading import Probe
    from archproof.sources.responses._call import Answer


def live(answers: Iterable[Answer]) -> Live:
    """The resources that answers in memory tell, as they are.

    Values are the literals that AWS returned. What stands in a resource and could as well stand beside it (a rule of
    a security group, an inline policy of a role) is in the resource alone.
    """
    from archproof.sources.responses import _living

    return _living.of_answers(answers)


def live_of(files: Iterable[Probe], region: str | None = None) -> Live:
    """The resources that the files of a snapshot tell, as they are. Raises InputError with what is wrong in a file."""
    from archproof.sources.responses import _living

    return _living.of_files(files, region)


def resources(answers: Iterable[Answer]) -> Resources:
    """The resources that answers in memory tell, with references in place of what names another of them."""
    from archproof.resources.resource import Resources
    from archproof.sources.responses import _references
    from archproof.sources.responses._gathering import Gathering
    from archproof.sources.responses._snapshot import Snapshot

    found = Resources()
    found.lists, found.format = set(), "aws-output"
    gathering = Gathering(found)
    gathering.answers(answers)
    gathering.places(None)
    snapshot = Snapshot(found, gathering.items)
    gathering.read(snapshot)
    _references.bind(snapshot)
    return found
