"""Reports of checks, as dataclasses."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

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
    """What was looked at, what was not, and how much was found.

    Attributes:
        files, documents: The files that were read, and the MLSpec documents in them.
        skipped: Files without any MLSpec document; `not_yaml` and `not_utf8` of them could not be read at all, and `formats` counts those of
            other formats, by name.
        left_alone: Documents that are not MLSpec, in files with documents that are.
        passed_over: Files and folders that were not looked at, by reason: `excluded`, `hidden`, `ignored` or `installed`.
        errors, warnings, infos: The findings of each severity, also those of logs and tables that are not listed.
        suppressed: Findings that comments, the settings or a baseline hide.
        fixable: Findings with a safe fix.
        tables, rows: The tables of data that were read, and their rows.
    """

    files: int
    documents: int
    skipped: int
    errors: int
    warnings: int
    infos: int
    suppressed: int
    fixable: int
    tables: int = 0
    rows: int = 0
    left_alone: int = 0
    not_yaml: int = 0
    not_utf8: int = 0
    formats: Mapping[str, int] = field(default_factory=dict, hash=False)
    passed_over: Mapping[str, int] = field(default_factory=dict, hash=False)


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
        """Returns the findings of this severity and of worse ones.

        Raises:
            ValueError: There is no such severity.
        """
        if severity not in _ORDER:
            raise ValueError(f"there is no severity {severity!r}; the severities are {', '.join(map(repr, _ORDER))}")
        least = _ORDER.index(severity)
        return tuple(finding for finding in self.findings if _ORDER.index(finding.severity) >= least)

    def raise_for_findings(self, severity: Severity = "error") -> None:
        """Raises FindingsError if there is a finding of this severity or a worse one; ValueError if there is no such severity."""
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
