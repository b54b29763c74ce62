"""Reports of checks, read from their JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from itertools import chain
from typing import Any

from ._program import Answer, unreadable
from ._report import Edit, Finding, FindingGroup, Fix, LogCounts, Position, RelatedPlace, Report, Span, Summary, TableCounts

#: The version of the JSON report that is read here. Fields may be added without a new one.
_VERSION = 1


def report_of(answer: Answer) -> Report:
    """Returns the report that the program gave as JSON.

    Raises:
        MlspecLintError: It is of another version, lacks what a report has, or contradicts itself or the exit code.
    """
    found = answer.json()
    try:
        if found["version"] != _VERSION:
            raise unreadable(f"its report is of version {found['version']!r}, and this module reads version {_VERSION}")
        report = Report(
            findings=tuple(map(_finding, found["findings"])),
            summary=Summary(**_own(Summary, found["summary"])),
            logs=tuple(LogCounts(**{**_own(LogCounts, own), "groups": _groups(own)}) for own in found.get("logs", ())),
            tables=tuple(TableCounts(**{**_own(TableCounts, own), "groups": _groups(own)}) for own in found.get("tables", ())),
        )
        _require_agreement(report)
    except (KeyError, TypeError, AttributeError) as error:
        raise unreadable(f"its report lacks what a report has ({type(error).__name__}: {error})") from error
    answer.require_code(1 if report.summary.errors else 0, f"a summary of {report.summary.errors} errors")
    return report


def _require_agreement(report: Report) -> None:
    """Raises MlspecLintError unless the summary counts what is listed, and what is only counted of logs and tables."""
    counts: Counter[str] = Counter(finding.severity for finding in report.findings)
    for group in chain.from_iterable(_all_groups(report)):
        counts[group.severity] += group.count - group.listed
    said = {"error": report.summary.errors, "warning": report.summary.warnings, "info": report.summary.infos}
    for severity in {*counts, *said}:
        if severity not in said:
            raise unreadable(f"'{severity}' is no severity")
        if counts[severity] != said[severity]:
            raise unreadable(f"its summary counts {said[severity]} findings of severity {severity}, and the report has {counts[severity]}")


def _all_groups(report: Report) -> list[tuple[FindingGroup, ...]]:
    return [own.groups for own in report.logs] + [own.groups for own in report.tables]


def _own(kind: Any, found: Mapping[str, Any]) -> dict[str, Any]:
    """Returns the fields that a dataclass has. Others may be added in a report of the same version."""
    return {name: found[name] for name in kind.__dataclass_fields__}


def _groups(counts: Mapping[str, Any]) -> tuple[FindingGroup, ...]:
    return tuple(FindingGroup(**_own(FindingGroup, group)) for group in counts["groups"])


def _finding(finding: Mapping[str, Any]) -> Finding:
    parts = {
        "span": _span(finding["span"]),
        "related": tuple(RelatedPlace(place["path"], _span(place["span"]), place["message"]) for place in finding["related"]),
        "fixes": tuple(
            Fix(fix["title"], fix["applicability"], tuple(Edit(edit["start"], edit["end"], edit["text"]) for edit in fix["edits"]))
            for fix in finding["fixes"]
        ),
    }
    return Finding(**{**_own(Finding, finding), **parts})


def _span(span: Mapping[str, Any]) -> Span:
    return Span(*(Position(**_own(Position, span[end])) for end in ("start", "end")))
