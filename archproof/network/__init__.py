"""Reachability: which traffic a network lets through, hop by hop, there and back.

`reading` makes a `fabric` of resources; `filters` says what groups and ACLs pass, `routing` which route wins, `trace`
follows one flow, `ends` finds what a question names, and `answers` puts the ways between two parties together. A
verdict is three-valued: what cannot be known before deployment, or is not supported, is `unknown` and never proved.
"""
