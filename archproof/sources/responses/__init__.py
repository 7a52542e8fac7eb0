"""Responses of AWS's API, as the AWS command line writes them, in CloudFormation shape: one module a service.

Each module lists in the literal constant `KEYS` the keys of the responses that it reads, each with the field (or
fields, one of which is enough) by which an entry of that response is told from others of the same name; `""` for
entries that are plain texts. A key that begins with a dot is a response that is the thing itself (`.FunctionArn`: any
with this field; `.Status MFADelete`: one with the first field and none but these). `READERS` holds for each key the
function `(item, snapshot)` that adds what an entry says to the snapshot. What can be read only when all resources are
known (attributes of a load balancer, targets of a group) is named in `LATER`, in that order, but for entries of which
`early(item)` is true. `finish(snapshot)`, where a module has one, is called when everything is read.
"""
