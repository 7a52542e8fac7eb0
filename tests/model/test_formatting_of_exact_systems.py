"""An exact system is written more densely: what fits on a few lines has no line for every entry."""

from __future__ import annotations

import pytest

from archproof.model.formatting import canonical

_LOOSE = """\
archproof: 1
system:
  name: shop
  summary: Takes orders
  exact: {exact}
components:
  orders:
    kind: lambda
    runtime: python3.13
    handler: app.handler
    code: s3://builds/orders.zip
    memory_mb: 256
    timeout_s: 30
    role: {{managed: ReadOnlyAccess}}
stack:
  outputs:
    Name: {{Value: !Ref orders}}
"""
_DENSE = """\
archproof: 1
system: {name: shop, exact: true, summary: Takes orders}
components:
  orders: {kind: lambda, runtime: python3.13, handler: app.handler, code: s3://builds/orders.zip, memory_mb: 256,
    timeout_s: 30, role: {managed: ReadOnlyAccess}}
stack: {outputs: {Name: {Value: !Ref orders}}}
"""


def test_components_of_an_exact_system_are_filled() -> None:
    assert canonical(_LOOSE.format(exact="true")) == _DENSE
    assert canonical(_DENSE) == _DENSE


@pytest.mark.parametrize("exact", ["false", "yes_no"])
def test_other_systems_keep_a_line_for_every_entry(exact: str) -> None:
    assert "    runtime: python3.13\n    handler: app.handler\n" in canonical(_LOOSE.format(exact=exact))


def test_a_comment_keeps_its_line() -> None:
    told = _LOOSE.format(exact="true").replace("    runtime", "    # the newest\n    runtime")
    assert "    kind: lambda\n    # the newest\n    runtime: python3.13\n" in canonical(told)


def test_a_text_longer_than_a_line_stands_on_one_of_its_own() -> None:
    told = _LOOSE.format(exact="true").replace("Takes orders", "x" * 130)
    assert canonical(told).splitlines()[1:3] == ["system: {name: shop, exact: true,", f"  summary: {'x' * 130}}}"]
