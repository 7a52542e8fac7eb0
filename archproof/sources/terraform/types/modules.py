"""Calls of modules that do not stand in the configuration: nodes of which nothing but the source is known."""

from __future__ import annotations

from archproof.sources.terraform.mapping import Mapping

TYPES = ("terraform_module",)

MAPPINGS = {
    "terraform_module": Mapping(None, why="a module that does not stand in this folder: what it makes is not known"),
}
