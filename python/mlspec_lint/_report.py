"""Reports of checks."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import chain
from typing import Any, Literal

from ._program import Answer, MlspecLintError, path_of, run, text_of, unreadable

Severity = Literal["error", "warning", "info"]
_ORDER: tuple[Severity, ...] = ("info", "warning", "error")

#: The version of the JSON report that is read here. Fields may be added without a new one.
_VERSION = 1


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


def check(
    *paths: str | os.PathLike[str],
    select: Iterable[str] = (),
    ignore: Iterable[str] = (),
    config: str | os.PathLike[str] | None = None,
    cwd: str | os.PathLike[str] | None = None,
) -> Report:
    """Checks files and folders, as `mlspec-lint check` does; without a path, the current folder.

    Args:
        paths: Files and folders. They are never options, whatever they begin with.
        select: Report these rules or families only.
        ignore: Report all rules or families but these.
        config: The settings; by default those that are found beside the files.
        cwd: The folder in which paths begin.

    Raises:
        MlspecLintError: A path does not exist, nothing in it is an MLSpec document, or a setting is wrong.
        TypeError, ValueError: An argument is no path, or an empty one.
    """
    return check_with([], [path_of(path, "a path") for path in paths], select, ignore, config, cwd=cwd)


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
        MlspecLintError: A setting is wrong, or there is nothing to check: the text is empty, or of another format that is known, such as a JSON
            Schema; or it is no Unicode. Any other text that is no MLSpec document is a finding.
        TypeError: The text is none, such as bytes.
    """
    options = [f"--stdin-filename={text_of(name, 'name')}"]
    return check_with(options, ["-"], select, ignore, config, text=text_of(text, "text"), cwd=cwd)


def check_with(
    arguments: list[str],
    operands: list[str],
    select: Iterable[str],
    ignore: Iterable[str],
    config: str | os.PathLike[str] | None,
    *,
    text: str | Iterable[bytes] | None = None,
    cwd: str | os.PathLike[str] | None,
) -> Report:
    """Runs a check with these arguments, and returns its report."""
    return report_of(check_run([*arguments, *options(select, ignore, config)], operands, text=text, cwd=cwd))


def check_run(
    arguments: Iterable[str],
    operands: list[str],
    *,
    text: str | Iterable[bytes] | None,
    cwd: str | os.PathLike[str] | None,
) -> Answer:
    """Runs a check, and returns what the program says: its report as JSON, and the exit code that says whether there are errors."""
    # Whatever the settings say, so that exit code and counts can be compared.
    own = ["check", "--format=json", "--fail-on=error", *arguments]
    return run(own, operands=operands, text=text, cwd=cwd, expected=[0, 1])


def options(select: Iterable[str], ignore: Iterable[str], config: str | os.PathLike[str] | None) -> list[str]:
    """Returns the arguments that say which rules count, and with which settings.

    Raises:
        MlspecLintError: A list of rules is a text.
        TypeError: A rule is no text.
    """
    arguments = []
    for option, rules in (("select", select), ("ignore", ignore)):
        if isinstance(rules, (str, bytes)):
            raise MlspecLintError(f"{option} is a list of rules, and not a text")
        arguments += [f"--{option}={text_of(rule, f'a rule of {option}')}" for rule in rules]
    if config is not None:
        arguments.append(f"--config={path_of(config, 'config')}")
    return arguments


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
