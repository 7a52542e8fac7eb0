"""JUnit XML: one test case a finding, for build servers."""

from __future__ import annotations

from xml.sax.saxutils import escape, quoteattr

from archproof.validators.findings import Report

FORMAT = "junit"


def render(report: Report, *, colour: bool = False, excerpts: bool = False) -> str:
    """Open findings fail, accepted ones are skipped; guarantees are cases too, skipped while unknown."""
    cases = []
    for found in report.findings:
        name = quoteattr(clean(f"{found.rule} {found.component or found.resource or ''}".strip()))
        where = f"classname={quoteattr(clean(found.location.file))} name={name}"
        if found.waived:
            inner = f"<skipped message={quoteattr(clean(found.waived.reason))}/>"
        else:
            text = escape(clean(f"{found.location}: {found.message}\n{found.remediation}"))
            inner = (
                f"<failure type={quoteattr(found.severity)} message={quoteattr(clean(found.message))}>{text}</failure>"
            )
        cases.append(f"  <testcase {where}>{inner}</testcase>")
    for guarantee in report.guarantees:
        inner = {"proved": "", "refuted": '<failure type="refuted"/>'}.get(guarantee.verdict, "<skipped/>")
        cases.append(f'  <testcase classname="guarantees" name={quoteattr(clean(guarantee.text))}>{inner}</testcase>')
    failures = len(report.open) + len(report.refuted)
    skipped = sum(1 for g in report.guarantees if g.verdict == "unknown") + len(report.findings) - len(report.open)
    head = f'<testsuite name="archproof" tests="{len(cases)}" failures="{failures}" skipped="{skipped}">'
    return "\n".join(['<?xml version="1.0" encoding="UTF-8"?>', head, *cases, "</testsuite>", ""])


def clean(text: str) -> str:
    """XML 1.0 has no control characters but tab and line ends."""
    return "".join(c for c in text if c >= " " or c in "\t\n\r")
