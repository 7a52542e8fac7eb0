"""CloudFormation: one template, or a root and nested stacks where one template cannot hold the system."""

from __future__ import annotations

from archproof.errors import UsageError
from archproof.resources.exports import Wanted
from archproof.resources.resource import Resources

FORMAT = "cloudformation"
SEVERAL = True
ABOUT = "a CloudFormation template; past its quotas a folder (or .zip) of nested stacks"


def export(resources: Resources, wanted: Wanted) -> dict[str, str]:
    """The template, or the templates of the root and its parts. Raises UsageError where there is no place for them."""
    from archproof.resources.exports._limits import limits
    from archproof.resources.template import template, to_json, to_yaml

    write = to_json if wanted.json else to_yaml
    whole = template(resources, wanted.description, wanted.beside)
    most = limits()
    text = write(whole)
    count = len(whole["Resources"])
    if count <= most.resources and len(text.encode()) <= most.size:
        return {"": text}
    if not wanted.folder:
        what = f"{count:,} resources" if count > most.resources else f"{len(text.encode()):,} bytes"
        least = f"{most.resources:,} resources" if count > most.resources else f"{most.size:,} bytes"
        raise UsageError(
            f"{what} are more than one template may hold ({least}): "
            "name a folder (`-o stacks/`) or an archive (`-o stacks.zip`) for nested stacks"
        )
    from archproof.resources.exports._nesting import nested

    ending = "json" if wanted.json else "yaml"
    return {name: write(value) for name, value in nested(whole, ending, write, most).items()}
