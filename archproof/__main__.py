"""`python -m archproof`."""

from archproof.cli.main import entry

entry()
