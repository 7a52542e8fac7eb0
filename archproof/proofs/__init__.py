"""Proofs: a call of a service is network and permission together.

`callers` says who acts for a resource, `needs` which actions a use needs, `permission` decides them with every policy
that bears on them, `connection` puts network and permission together. Rules, `archproof path` and documents share it.
"""
