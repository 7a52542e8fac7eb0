"""The matrices: which group reaches which, which role may do what."""

from __future__ import annotations

import datetime

from archproof.model.architecture import Architecture, loads
from archproof.renderers import publishing
from archproof.renderers.documents._matrices import Matrix, groups, permissions
from archproof.resources.lowering import lower

TODAY = datetime.date(2026, 11, 23)
SHOP = """archproof: 1
system: {name: shop, title: Shop, region: eu-west-1}
network:
  vpc: {cidr: 10.0.0.0/16}
  subnets:
    public: {cidr: 10.0.0.0/20, egress: internet_gateway}
    app: {cidr: 10.0.16.0/20, egress: nat}
    data: {cidr: 10.0.32.0/20}
  security_groups:
    lb_sg: {ingress: [{port: 443, from: internet}]}
    web_sg: {}
    db_sg: {}
components:
  lb: {kind: alb, to: web, certificate: cert, in: {subnets: public, security_groups: [lb_sg]}}
  cert: {kind: certificate, domain: a.example.com}
  web: {kind: ecs_service, image: public.ecr.aws/a/b:1, port: 8080, in: {subnets: app, security_groups: [web_sg]}}
  db: {kind: rds, engine: postgres, instance_class: db.m7g.large, in: {subnets: data, security_groups: [db_sg]}}
  jobs: {kind: sqs_queue}
  files: {kind: s3_bucket}
links:
  - {from: web, to: db, verb: query}
  - {from: web, to: jobs, verb: send}
  - {from: web, to: files, verb: read}
"""


def shop() -> Architecture:
    """A system with three groups and one role that does something."""
    return loads(SHOP)


def test_each_cell_has_the_ports_that_are_proved() -> None:
    assert groups(shop()).cells == {
        ("the internet", "lb_sg"): "443", ("lb_sg", "web_sg"): "8080", ("web_sg", "db_sg"): "5432",
        ("web_sg", "lb_sg"): "443",  # open to anywhere is open to those inside as well
    }  # fmt: skip


def test_a_role_may_what_its_policies_come_to() -> None:
    found = permissions(lower(shop()))
    assert found.cells["web", "reads"] == "files"
    assert found.cells["web", "writes"] == "jobs"


def test_many_columns_have_numbers_and_very_many_rows_are_a_list() -> None:
    names = [f"g{n}" for n in range(30)]
    wide = Matrix(names[:3], names[:8], {("g0", "g1"): "443"})
    assert (wide.numbered, wide.heads[:2], wide.legend[1]) == (True, ["1", "2"], "2 = g1")
    tall = Matrix(names, names[:2], {("g0", "g1"): "443"})
    assert (tall.listed, tall.ways[0]) == (True, ("g0", "g1 (443)"))


def test_both_stand_on_a_page_of_their_own_and_in_the_interview_document() -> None:
    page = publishing.document(shop(), "matrices", "md", TODAY)
    assert "| the internet | – | 443 | – |" in page or "| the internet | 443 |" in page
    interview = publishing.document(shop(), "interview", "md", TODAY)
    assert "### What the groups come to" in interview
    assert "### What the roles come to" in interview
    assert "<table>" in publishing.document(shop(), "matrices", "html", TODAY)
