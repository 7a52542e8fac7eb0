"""Pictures: a scene (what to show) is laid out (where) and written (as SVG, PNG, Mermaid, …).

A format is one module of this package that says its file names in `EXTENSIONS` and has
`write(drawing, options) -> bytes`; see `formats`. Nothing heavy is imported before it is used.
"""
