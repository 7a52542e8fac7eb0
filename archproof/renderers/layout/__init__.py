"""Where everything goes: scenes in, `LaidOut` pictures out.

`boxes` measures, `graph` says it in ELK's terms, `engine` runs ELK, `reading` takes the geometry back,
`repair` mends what the gate dislikes, `choose` tries variants and keeps the best.
"""

from archproof.renderers.layout.choose import layout, layout_many

__all__ = ["layout", "layout_many"]
