"""Several files as one model, and environments laid over it: every place is found where it was said."""

from __future__ import annotations

from pathlib import Path

import pytest

from archproof.errors import InputError
from archproof.model.architecture import Architecture, load, loads


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(**files: str) -> None:
    for name, text in files.items():
        path = Path(name.replace("__", "/") + ".yaml")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def problems(environment: str | None = None) -> list[str]:
    """What is wrong with main.yaml, as `file:line:column message`."""
    with pytest.raises(InputError) as caught:
        load("main.yaml", environment)
    return [f"{p.location} {p.message}" for p in caught.value.problems]


@pytest.mark.usefixtures("folder")
def test_sections_of_included_files_are_merged_with_their_places() -> None:
    write(
        main="archproof: 1\ninclude: [parts/a.yaml, b.yaml]\ncomponents: {f: {kind: lambda}}\n"
        "links: [{from: u, to: f}]\n",
        parts__a="components:\n  u: {kind: person}\nlinks:\n  - {from: f, to: q}\ninclude: more.yaml\n",
        parts__more="components:\n  q: {kind: sqs_queue}\nflows: {x: {steps: [{from: u, to: f, does: call}]}}\n",
        b="system: {name: b}\n",
    )
    architecture = load("main.yaml")
    assert list(architecture.components) == ["f", "u", "q"]
    assert [(link.source, link.target) for link in architecture.links] == [("u", "f"), ("f", "q")]
    assert architecture.system.name == "b"
    assert str(architecture.locate("q", "kind")) == "parts/more.yaml:2:7"
    assert str(architecture.document.locate(("links", 1))) == "parts/a.yaml:4:5"
    assert list(architecture.document.sources) == ["main.yaml", "parts/a.yaml", "b.yaml", "parts/more.yaml"]


@pytest.mark.usefixtures("folder")
def test_what_is_wrong_with_includes_is_told_at_once() -> None:
    write(
        main="archproof: 1\ninclude:\n  - main.yaml\n  - nowhere\n  - /etc/passwd\n  - parts\n  - ../out.yaml\n"
        "  - 5\n  - bad.yaml\n  - good.yml\n  - link.yaml\n  - twice.yaml\n  - twice.yaml\n"
        "components: {f: {kind: lambda}}\n",
        bad="components: [\n",
        good="{}\n",
        twice="components: {f: {kind: person}}\n",
        parts__x="{}\n",
    )
    Path("link.yaml").symlink_to("/etc/hostname")
    assert problems() == [
        "bad.yaml:2:1 not YAML: did not find expected node content",
        "main.yaml:3:5 'main.yaml' is the file itself; each file is included once",
        "main.yaml:4:5 'nowhere': no such file",
        "main.yaml:5:5 '/etc/passwd' lies outside the folder of main.yaml",
        "main.yaml:6:5 'parts': this is a folder, not a file",
        "main.yaml:7:5 '../out.yaml' lies outside the folder of main.yaml",
        "main.yaml:8:5 expected a file name; found the number 5",
        "main.yaml:10:5 'good.yml': no such file; did you mean 'good.yaml'?",
        "main.yaml:11:5 'link.yaml' lies outside the folder of main.yaml",
        "main.yaml:13:5 'twice.yaml' is included already; each file is included once",
        "twice.yaml:1:14 'f' is in 'components' already, at main.yaml:14:14",
    ]


@pytest.mark.usefixtures("folder")
def test_files_that_include_each_other_are_no_endless_loop() -> None:
    write(main="archproof: 1\ninclude: a.yaml\n", a="include: [b.yaml]\n", b="include: [a.yaml, main.yaml]\n")
    assert problems() == [
        "b.yaml:1:11 'a.yaml' is included already; each file is included once",
        "b.yaml:1:19 'main.yaml' is the file itself; each file is included once",
    ]


@pytest.mark.usefixtures("folder")
def test_an_error_in_an_included_component_points_into_its_file() -> None:
    write(main="archproof: 1\ninclude: a.yaml\n", a="components:\n  f: {kind: lambda, timeout: 3}\n")
    assert problems() == ["a.yaml:2:21 unknown key 'timeout'; did you mean 'timeout_s'? (in seconds)"]


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("5", "'include' is a list of file names; found the number 5"),
        ("{a: b}", "'include' is a list of file names; found a map"),
    ],
)
def test_include_is_a_list_of_names(text: str, message: str) -> None:
    write(main=f"archproof: 1\ninclude: {text}\n")
    assert problems() == [f"main.yaml:2:10 {message}"]


MODEL = """\
archproof: 1
system:
  name: s
  region: eu-west-1
  environments:
    test: {region: eu-west-2}
    prod:
      account: "222222222222"
      set: {f.memory_mb: 2048, q.dead_letter.max_receives: 3, system.owner: us, defaults.sqs_queue.retention_days: 7}
defaults:
  lambda: {timeout_s: 3}
components:
  f: {kind: lambda, memory_mb: 256}
  q: {kind: sqs_queue, dead_letter: {queue: d}}
  d: {kind: sqs_queue}
"""


def field(architecture: Architecture, name: str, key: str) -> object:
    value = getattr(architecture.components[name], key)
    return getattr(value, "max_receives", value)


def test_an_environment_is_laid_over_the_model() -> None:
    plain, prod, test = loads(MODEL), loads(MODEL, "prod"), loads(MODEL, "test")
    assert [field(a, "f", "memory_mb") for a in (plain, prod, test)] == [256, 2048, 256]
    assert [field(a, "q", "dead_letter") for a in (plain, prod)] == [5, 3]
    assert [field(a, "d", "retention_days") for a in (plain, prod)] == [4, 7]
    assert (prod.account, prod.region, prod.system.owner, test.region) == (
        "222222222222",
        "eu-west-1",
        "us",
        "eu-west-2",
    )


def test_what_an_environment_sets_is_found_where_it_sets_it() -> None:
    assert str(loads(MODEL).locate("f", "memory_mb")) == "architecture.yaml:13:21"
    assert str(loads(MODEL, "prod").locate("f", "memory_mb")) == "architecture.yaml:9:13"
    assert str(loads(MODEL, "prod").locate("f", "kind")) == "architecture.yaml:13:7"


def test_what_a_default_fills_is_found_where_the_default_stands() -> None:
    assert str(loads(MODEL).locate("f", "timeout_s")) == "architecture.yaml:11:12"
    assert str(loads(MODEL).locate("f", "handler")) == "architecture.yaml:13:3"


@pytest.mark.parametrize(
    ("entry", "environment", "expected"),
    [
        ("f.memory: 5", None, "'f' has no 'memory'; did you mean 'memory_mb'?"),
        ("g.memory_mb: 5", None, "'g' is no component or section"),
        ("components.ff.memory_mb: 5", None, "no component is called 'ff'; did you mean 'f'?"),
        ("networks.vpc.cidr: 5", None, "'networks' is no component or section; did you mean 'network'?"),
        ("links.0.verb: read", None, "'links' is no component or section"),
        ("network: {}", None, "the section 'network' cannot be set whole; name a value in it, such as 'network.…'"),
        ("system.environments.x.region: a", None, "an environment cannot change the environments"),
        ("f.kind.x: 5", "prod", "'components.f.kind' is the text 'lambda', not a map"),
        ("f.memory_mb: big", "prod", "'memory_mb' is a whole number; found the text 'big'"),
    ],
)
def test_a_wrong_set_is_told_where_it_stands(entry: str, environment: str | None, expected: str) -> None:
    text = (
        f"archproof: 1\nsystem: {{environments: {{prod: {{set: {{{entry}}}}}}}}}\ncomponents: {{f: {{kind: lambda}}}}\n"
    )
    with pytest.raises(InputError) as caught:
        loads(text, environment)
    (problem,) = caught.value.problems
    assert (problem.location.line, problem.message) == (2, expected)
    assert problem.location.column >= 37


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (MODEL, "2:1 no environment 'prd'; did you mean 'prod'? (declared: test, prod)"),
        ("archproof: 1\ncomponents: {}\n", "1:1 no environment 'prd' (none is declared)"),
    ],
)
def test_an_unknown_environment_names_the_declared_ones(text: str, expected: str) -> None:
    with pytest.raises(InputError) as caught:
        loads(text, "prd")
    (problem,) = caught.value.problems
    assert f"{problem.location.line}:{problem.location.column} {problem.message}" == expected


def test_a_shared_map_is_set_in_one_place_only() -> None:
    text = (
        "archproof: 1\nsystem: {environments: {p: {set: {a.environment.X: two}}}}\n"
        "components:\n  a: {kind: lambda, environment: &e {X: one}}\n  b: {kind: lambda, environment: *e}\n"
    )
    architecture = loads(text, "p")
    assert field(architecture, "a", "environment") == {"X": "two"}
    assert field(architecture, "b", "environment") == {"X": "one"}
