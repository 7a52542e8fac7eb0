"""Small whole systems, and what reads the documents made of them."""

from __future__ import annotations

import datetime
import re
from html.parser import HTMLParser
from typing import Any

from archproof.model.architecture import Architecture, loads
from archproof.renderers import documents
from archproof.resources.lowering import lower
from archproof.validators.findings import Finding, GuaranteeResult, Report, Unknown, Waived

TODAY = datetime.date(2026, 11, 22)
SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="80" height="40"><style>@font-face{src:x}.a{fill:red}</style></svg>'
)

SHOP = """\
archproof: 1
system:
  name: shop
  title: Shop
  summary: Takes orders
  region: eu-west-1
network:
  vpc: {cidr: 10.0.0.0/16, availability_zones: 2, nat: single}
  subnets:
    public: {cidr: 10.0.32.0/24, egress: internet_gateway}
    app: {cidr: 10.0.0.0/20, egress: nat}
    data: {cidr: 10.0.16.0/20}
  security_groups: {fn_sg: {}, db_sg: {}}
components:
  buyers: {kind: person, title: Buyers}
  api:
    kind: http_api
    title: Order API
    authorizer: {jwt: web}
    routes:
      GET /orders: {to: orders, scopes: [orders.read]}
      GET /health: {to: orders, auth: open}
  users: {kind: cognito_user_pool, title: Accounts, password: {min_length: 14}}
  web: {kind: cognito_app_client, pool: users, access_token_min: 15, title: Web}
  orders:
    kind: lambda
    title: Orders
    runtime: dotnet10
    timeout_s: 20
    reserved_concurrency: 100
    in: {subnets: app, security_groups: [fn_sg]}
  report: {kind: lambda, title: Reporter, runtime: dotnet10, timeout_s: 300}
  db:
    kind: rds
    title: Ledger
    engine: postgres
    instance_class: db.m7g.large
    in: {subnets: data, security_groups: [db_sg]}
  jobs: {kind: sqs_queue, title: Jobs, visibility_s: 1800, dead_letter: {queue: dead, max_receives: 5}}
  dead: {kind: sqs_queue, title: Dead, retention_days: 14}
links:
  - {from: buyers, to: [users, api]}
  - {from: orders, to: db, verb: query}
  - {from: orders, to: jobs, verb: send}
  - {from: jobs, to: report, verb: trigger, batch: 10, max_concurrency: 20}
load: {peak_rps: 120, p95_ms: 400, upload_mb: 8, reports_per_hour: 300, db_pool_per_function: 1}
flows:
  order:
    title: Ordering
    steps:
      - {from: buyers, to: api, does: send an order, fails: {"401": no valid token}}
      - {from: api, to: orders, does: hands it over}
      - {from: orders, to: jobs, does: asks for a receipt, mode: async, fails: {dead: after five receives}}
guarantees:
  - {never: {from: internet, to: db}, because: It holds the ledger.}
decisions:
  - {id: adr-1, title: One database, because: orders must balance., instead_of: [a table for each], affects: [db]}
accepted:
  - {rule: no-alarm, component: db, reason: small, until: 2027-01-31, by: team}
"""
SITE = """\
archproof: 1
system: {name: site, title: Site}
components:
  readers: {kind: person}
  files: {kind: s3_bucket, title: Pages}
links:
  - {from: readers, to: files, verb: upload}
"""


def report(architecture: Architecture) -> Report:
    """What a check might have found."""
    at = architecture.locate
    return Report(
        [
            Finding("queue-slow", "high", "60 s is too short", "raise it", at("jobs"), "jobs"),
            Finding("no-alarm", "low", "no alarm", "add one", at("db"), "db", waived=Waived("small", TODAY, "team")),
        ],
        [GuaranteeResult("internet never reaches db", "unknown")],
        [Unknown("the guarantee", "nothing proves it", at("db"))],
    )


def document(text: str, found: Any = None) -> documents.Document:
    """The interview document of a model."""
    architecture = loads(text)
    made = report(architecture) if found is None and "jobs" in architecture.components else found
    pictures = {"overview": ("Overview", SVG), **{name: (f"Flow {name}", SVG) for name in architecture.flows}}
    return documents.explain("interview", architecture, lower(architecture), made, pictures, TODAY)


def markdown(text: str, found: Any = None) -> str:
    """The document as Markdown, with its pictures beside it."""
    made = document(text, found)
    return documents.markdown(made, {name: f"{name}.svg" for name in made.pictures})


def section(text: str, heading: str) -> str:
    """The part of a Markdown text under a heading, up to the next one of its level."""
    level = heading.split(" ")[0]
    rest = text[text.index(f"\n{heading}\n") + len(heading) + 2 :]
    following = re.search(rf"^#{{1,{len(level)}}} ", rest, re.M)
    return rest[: following.start()] if following else rest


def evidence(text: str) -> dict[int, tuple[str, str]]:
    """The evidence index: place and words by number."""
    rows = re.findall(r'^\| <a id="e(\d+)"></a>\d+ \| `?(.*?)`? \| (.*?) \| .*\|$', text, re.M)
    return {int(number): (where, what) for number, where, what in rows}


def cited(text: str, sentence: str) -> list[tuple[str, str]]:
    """The evidence behind the line that holds `sentence`."""
    line = next(line for line in text.split("\n") if sentence in line)
    index = evidence(text)
    first, _, _ = line[line.index(sentence) :].partition("].")
    found: list[int] = []
    for start, end in re.findall(r"\[(\d+)\](?:–\[(\d+)\])?", f"{first}]"):
        found += range(int(start), int(end or start) + 1)
    return [index[n] for n in found]


class Reader(HTMLParser):
    """Reads a page and notes what matters about it: tags in balance, ids, links, what it would load."""

    VOID = frozenset({"meta", "br", "hr", "img", "link", "input", "path", "rect", "use", "circle"})

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.loads: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.text: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in self.VOID:
            self.open.append(tag)
        for name, value in attrs:
            self.attributes.append((name, value or ""))
            if name == "id":
                self.ids.append(value or "")
            elif name == "href":
                (
                    self.loads if tag in ("link", "use", "image") and not (value or "").startswith("#") else self.links
                ).append(value or "")
            elif name in ("src", "srcset", "data", "poster", "action"):
                self.loads.append(value or "")

    def handle_endtag(self, tag: str) -> None:
        assert self.open, f"</{tag}> closes nothing"
        assert self.open.pop() == tag, f"</{tag}> crosses another element"

    def handle_data(self, data: str) -> None:
        if not self.open or self.open[-1] not in ("script", "style"):
            self.text.append(data)
