"""AWS's own validator (`cloudformation-validate`) over the resources, and users' rules in Guard, CEL and Rego.

It reads the resources as a template, whatever they were read from, and each answer is told at the line of the
source. Which of its rules count for what, and which only repeat archproof's own, stands in facts/cfn_rules.csv.
Answers are kept in the user's cache by the content of all that they were made from.
"""

from __future__ import annotations

import hashlib
import threading
from typing import TYPE_CHECKING

from archproof.errors import Unknown
from archproof.validators.engines import _cache, _cfn_refusals, _cfn_validate
from archproof.validators.engines._cfn_findings import gather, is_answer, rule_of, unwanted
from archproof.validators.engines._cfn_places import Places
from archproof.validators.engines._cfn_template import fingerprint, origin, overrides, write
from archproof.validators.engines._cfn_validate import Answer, Question, RefusedError
from archproof.validators.engines.request import Request, Result, RuleFile, Wait

if TYPE_CHECKING:
    from archproof.validators.rule import Rule

ENGINE = "cloudformation-validate"
PREFIXES = ("cfn", "guard", "cel", "rego")
ALWAYS = True
RULE_FILES = (".guard", ".rego", ".cel", ".json")
MOST_RESOURCES = 5_000
"""Above this it takes many seconds, so it is run only where it is asked for by name."""


def recognises(file: RuleFile) -> bool:
    """Say whether a file holds Guard, Rego or (in JSON) CEL rules."""
    return file.ending != ".json" or ('"rules"' in file.text and '"expression"' in file.text)


def start(request: Request) -> Wait:
    """Ask the validator, unless the answer is known. Raises InputError for a rule file that is wrong."""
    _cfn_refusals.check(request.files)
    builtin = request.asked and request.any_of("cfn") and len(request.verbatim) > 0
    unknown: list[Unknown] = []
    if builtin and len(request.verbatim) > MOST_RESOURCES and not request.named:
        many = f"{len(request.verbatim):,} resources, more than {MOST_RESOURCES:,}, take it long"
        unknown.append(_undecided(request, f"{many}; `--engine {ENGINE}` runs it all the same"))
        builtin = False
    if not (builtin or request.files):
        return lambda: Result(unknown=unknown)
    version = _cfn_validate.version()
    if version is None:
        unknown.append(_undecided(request, "cloudformation-validate is not installed"))
        return lambda: Result(unknown=unknown)
    without = unwanted(request)
    key = _key(request, version, builtin, without)
    kept = _cache.read(key) if request.cache else None
    if is_answer(kept):
        return lambda: gather(request, kept, unknown)
    parameters = overrides(request.verbatim)
    text = write(request.verbatim)
    asked = _Asked(request, Question(text, request.verbatim.region, parameters, request.files, builtin, without))
    return lambda: asked.result(key, unknown)


class _Asked:
    """A question that the validator answers in native code while archproof's own rules run."""

    def __init__(self, request: Request, question: Question) -> None:
        self._request = request
        self._question = question
        self._answer: Answer | None = None
        self._error: Exception | None = None
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        try:
            self._answer = _cfn_validate.run(self._question)
        except Exception as error:  # told in the thread that waits
            self._error = error

    def result(self, key: str, unknown: list[Unknown]) -> Result:
        """Wait for the answer and keep it."""
        self._thread.join()
        if self._answer is not None:
            if self._request.cache:
                _cache.write(key, self._answer)
            return gather(self._request, self._answer, unknown)
        error = self._error
        if isinstance(error, RefusedError):
            _cfn_refusals.refuse(str(error), self._question.files)
        why = f"{type(error).__name__}: {error}" if not isinstance(error, ImportError | RefusedError) else str(error)
        return Result(unknown=[*unknown, _undecided(self._request, " ".join(why.split())[:300])])


def _key(request: Request, version: str, builtin: bool, without: tuple[str, ...]) -> str:
    from archproof import __version__

    parts = [__version__, version, fingerprint(request.verbatim), str(builtin), *without]
    for file in request.files:
        parts += [file.name, file.text]
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()


def _undecided(request: Request, why: str) -> Unknown:
    place = Places(request.verbatim, request.architecture).top()
    return Unknown("AWS's validator", f"{why}; none of its rules is decided", place)


def rules(request: Request) -> dict[str, Rule]:
    """Every rule of the validator, and of the user's files; empty where it is not installed."""
    if _cfn_validate.version() is None:
        return {}
    try:
        listed = _cfn_validate.rules(request.files)
    except ImportError:
        return {}
    except RefusedError as error:
        _cfn_refusals.refuse(str(error), request.files)
        return {}
    return {found["rule"]: rule_of(found, origin(request.verbatim)) for found in listed}
