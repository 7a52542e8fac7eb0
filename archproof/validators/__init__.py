"""Checking: rules over resources, waivers, the report, and the formats that it is written in.

>>> from archproof.validators.engine import check          # doctest: +SKIP
>>> report = check(architecture, today)                    # doctest: +SKIP
"""
