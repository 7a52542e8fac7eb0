"""Readers of every description of an AWS system that is not a model, and lifting to one.

One module a format. Each names its format in the literal constant `FORMAT` and has two functions:
`recognises(probe)` says whether an input is of its format, `read(probe, request)` reads it to resources in
CloudFormation shape; one that takes `--parameter` says so in `PARAMETERS = True`. `archproof.sources.reading`
finds the right one; `archproof.sources.lifting` makes a model of what was read.
"""
