"""Output of the AWS command line: a file, or a folder of any nesting, of several regions and accounts.

A file is known by what it holds (the keys of AWS's responses), never by its name.
"""

from __future__ import annotations

from archproof.errors import InputError, Location, Problem
from archproof.resources.resource import Resources
from archproof.sources.reading import Probe, Request

FORMAT = "aws-output"


def recognises(probe: Probe) -> bool:
    """Say whether the input is a response of AWS's API, or a folder that holds one."""
    from archproof.sources.responses._files import files_of, is_response

    if not probe.is_folder:
        return probe.is_json and is_response(probe.text)
    if any(probe.path.glob("*.tf")):
        return False
    return any(is_response(file.text) for file in files_of(probe, []))


def read(probe: Probe, request: Request) -> Resources:
    """Read every response. Raises InputError with every problem of the files."""
    from archproof.sources.responses import _references
    from archproof.sources.responses._files import files_of, names_a_response
    from archproof.sources.responses._gathering import Gathering
    from archproof.sources.responses._snapshot import Snapshot

    resources = Resources()
    resources.lists = set()
    files = list(files_of(probe, resources.notes)) if probe.is_folder else [probe]
    gathering = Gathering(resources)
    problems: list[Problem] = []
    for file in files:
        try:
            gathering.file(file)
        except InputError as error:
            if probe.is_folder and not names_a_response(file):
                resources.notes.append(f"{file.name}: left out, no JSON")
            else:
                problems += error.problems
    if problems:
        raise InputError(problems)
    if not gathering.items and not resources.unknown:
        raise InputError([Problem(Location(probe.name), "no response of AWS in it: nothing was read")])
    gathering.places(request.region)
    snapshot = Snapshot(resources, gathering.items)
    gathering.read(snapshot)
    _references.bind(snapshot)
    return resources
