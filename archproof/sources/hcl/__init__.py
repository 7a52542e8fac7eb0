"""Terraform's language, read and worked out without Terraform: files, expressions, modules and their instances.

`folder` finds and parses the files of a module (`scan`, `syntax`, `build`, `json_files`) to blocks whose
attributes are `expressions`. `module` works out variables, locals, resources and calls of other modules, each
when it is first asked for; `instances` makes one instance for every element of `count` and `for_each` with the
values that a plan would show. What only a run of Terraform can tell is a `symbols.Symbol`, never a guess.
"""
