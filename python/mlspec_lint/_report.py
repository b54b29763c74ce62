"""Reports of checks."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from ._program import MlspecLintError, run

Severity = Literal["error", "warning", "info"]
_ORDER: tuple[Severity, ...] = ("info", "warning", "error")


@dataclass(frozen=True)
class Position:
    """A place in a text: byte offset from 0, line and column from 1; columns count characters."""

    offset: int
    line: int
    column: int


@dataclass(frozen=True)
class Span:
    """A part of a text, from its first character to behind its last."""

    start: Position
    end: Position


@dataclass(frozen=True)
class Edit:
    """The bytes from `start` to `end` become `text`."""

    start: int
    end: int
    text: str


@dataclass(frozen=True)
class Fix:
    """Edits that belong together. `applicability` is `safe`, `unsafe` or `display`."""

    title: str
    applicability: str
    edits: tuple[Edit, ...]


@dataclass(frozen=True)
class RelatedPlace:
    """Another place that a finding is about."""

    path: str
    span: Span
    message: str


@dataclass(frozen=True)
class Finding:
    """What is wrong, where, and how it can be put right."""

    rule: str
    severity: Severity
    message: str
    help: str | None
    url: str
    path: str
    document: int | None
    pointer: str | None
    part: str | None
    span: Span
    related: tuple[RelatedPlace, ...]
    fixes: tuple[Fix, ...]
    fingerprint: str

    def __str__(self) -> str:
        at = self.span.start
        return f"{self.path}:{at.line}:{at.column}: {self.severity}[{self.rule}] {self.message}"


@dataclass(frozen=True)
class Summary:
    """What was looked at, and how much was found."""

    files: int
    documents: int
    skipped: int
    errors: int
    warnings: int
    infos: int
    suppressed: int
    fixable: int


@dataclass(frozen=True)
class FindingGroup:
    """All findings of a rule about a field of a log or table. `pointer` has `*` in place of positions in lists; `share` is `count` in
    relation to the lines or rows; `listed` of them are among the findings of the report."""

    rule: str
    severity: Severity
    pointer: str
    count: int
    share: float
    listed: int


@dataclass(frozen=True)
class LogCounts:
    """A log that was read as a stream: its lines that are not blank, the documents among them, its bytes after decompression, and exact
    counts of its findings. The most severe come first, then the most frequent."""

    path: str
    lines: int
    documents: int
    bytes: int
    groups: tuple[FindingGroup, ...]


@dataclass(frozen=True)
class TableCounts:
    """A table that was checked: its rows, and exact counts of its findings. The most severe come first, then the most frequent."""

    path: str
    rows: int
    groups: tuple[FindingGroup, ...]


class FindingsError(Exception):
    """Documents have findings; they are in `findings`."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__("\n".join(map(str, self.findings)))


@dataclass(frozen=True)
class Report:
    """The findings of a check, in the order of files and places. Of logs and tables, `logs` and `tables` count all findings, and the first
    ones are listed.

    It is an Arrow table, too, for what takes one: `polars.DataFrame(report)`, `pyarrow.table(report)`, and DuckDB, by the name of the variable.
    """

    findings: tuple[Finding, ...]
    summary: Summary
    logs: tuple[LogCounts, ...] = ()
    tables: tuple[TableCounts, ...] = ()

    def at_least(self, severity: Severity) -> tuple[Finding, ...]:
        """Returns the findings of this severity and of worse ones."""
        least = _ORDER.index(severity)
        return tuple(finding for finding in self.findings if _ORDER.index(finding.severity) >= least)

    def raise_for_findings(self, severity: Severity = "error") -> None:
        """Raises FindingsError if there is a finding of this severity or a worse one."""
        if found := self.at_least(severity):
            raise FindingsError(found)

    def to_dicts(self) -> list[dict[str, Any]]:
        """Returns a dictionary of texts and numbers for each finding, as the rows of a table: `pandas.DataFrame(report.to_dicts())`."""
        return [
            {
                "path": own.path,
                "document": own.document,
                "line": own.span.start.line,
                "column": own.span.start.column,
                "offset": own.span.start.offset,
                "rule": own.rule,
                "severity": own.severity,
                "message": own.message,
                "help": own.help,
                "pointer": own.pointer,
                "part": own.part,
                "is_fixable": any(fix.applicability == "safe" for fix in own.fixes),
                "url": own.url,
                "fingerprint": own.fingerprint,
            }
            for own in self.findings
        ]

    def to_arrow(self) -> Any:
        """Returns the findings as a `pyarrow.Table`, one a row, with the columns of `to_dicts`.

        Raises:
            ImportError: pyarrow is not installed.
        """
        from ._arrow import findings_table

        return findings_table(self.to_dicts())

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return self.to_arrow().__arrow_c_stream__(requested_schema)


def check(
    *paths: str | os.PathLike[str],
    select: Iterable[str] = (),
    ignore: Iterable[str] = (),
    config: str | os.PathLike[str] | None = None,
    cwd: str | os.PathLike[str] | None = None,
) -> Report:
    """Checks files and folders, as `mlspec-lint check` does; without a path, the current folder.

    Args:
        paths: Files and folders.
        select: Report these rules or families only.
        ignore: Report all rules or families but these.
        config: The settings; by default those that are found beside the files.
        cwd: The folder in which paths begin.

    Raises:
        MlspecLintError: A path does not exist, nothing in it is an MLSpec document, or a setting is wrong.
    """
    return check_with([os.fspath(path) for path in paths], select, ignore, config, cwd=cwd)


def check_text(
    text: str,
    *,
    name: str = "document.yml",
    select: Iterable[str] = (),
    ignore: Iterable[str] = (),
    config: str | os.PathLike[str] | None = None,
    cwd: str | os.PathLike[str] | None = None,
) -> Report:
    """Checks a text as if it were the file `name`, as `mlspec-lint check -` does.

    Raises:
        MlspecLintError: A setting is wrong. A text that is no MLSpec document is a finding.
    """
    return check_with(["-", "--stdin-filename", name], select, ignore, config, text=text, cwd=cwd)


def check_with(
    arguments: list[str],
    select: Iterable[str],
    ignore: Iterable[str],
    config: str | os.PathLike[str] | None,
    *,
    text: str | Iterable[bytes] | None = None,
    cwd: str | os.PathLike[str] | None,
) -> Report:
    """Runs a check with these arguments, and returns its report."""
    arguments = ["check", "--format", "json", *arguments, *options(select, ignore, config)]
    return report_of(json.loads(run(arguments, text=text, cwd=cwd, expected=[0, 1])))


def options(select: Iterable[str], ignore: Iterable[str], config: str | os.PathLike[str] | None) -> list[str]:
    """Returns the arguments that say which rules count, and with which settings.

    Raises:
        MlspecLintError: A list of rules is a text.
    """
    arguments = []
    for option, rules in (("--select", select), ("--ignore", ignore)):
        if isinstance(rules, str):
            raise MlspecLintError(f"{option[2:]} is a list of rules, and not a text")
        arguments += [part for rule in rules for part in (option, rule)]
    if config is not None:
        arguments += ["--config", os.fspath(config)]
    return arguments


def report_of(report: Mapping[str, Any]) -> Report:
    """Returns a report from its JSON."""
    summary = {name: report["summary"][name] for name in Summary.__dataclass_fields__}
    return Report(
        findings=tuple(map(_finding, report["findings"])),
        summary=Summary(**summary),
        logs=tuple(LogCounts(**{**own, "groups": _groups(own)}) for own in report.get("logs", ())),
        tables=tuple(TableCounts(**{**own, "groups": _groups(own)}) for own in report.get("tables", ())),
    )


def _groups(counts: Mapping[str, Any]) -> tuple[FindingGroup, ...]:
    return tuple(FindingGroup(**group) for group in counts["groups"])


def _finding(finding: Mapping[str, Any]) -> Finding:
    own = {name: finding[name] for name in Finding.__dataclass_fields__ if name not in ("span", "related", "fixes")}
    return Finding(
        span=_span(finding["span"]),
        related=tuple(RelatedPlace(place["path"], _span(place["span"]), place["message"]) for place in finding["related"]),
        fixes=tuple(
            Fix(fix["title"], fix["applicability"], tuple(Edit(edit["start"], edit["end"], edit["text"]) for edit in fix["edits"]))
            for fix in finding["fixes"]
        ),
        **own,
    )


def _span(span: Mapping[str, Any]) -> Span:
    return Span(Position(**span["start"]), Position(**span["end"]))
