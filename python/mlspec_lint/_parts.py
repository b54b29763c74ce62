"""Reports of the parts of a log, added up: the report of the whole, as one machine gives it."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

from ._report import _ORDER, Finding, FindingGroup, LogCounts, Position, RelatedPlace, Report, Severity, Span, Summary

#: The rule that says how many findings are counted and not listed. It is about a whole log, so that those of its parts are left out.
_NOT_LISTED = "document/too-many-findings"

#: The places of each group that are listed at least, and those of a log that are listed at most beside them: as the program has it.
_FIRST_PLACES = 20
_MOST_PLACES = 1000

#: The groups that the message about what is not listed names.
_NAMED_GROUPS = 3

_Key = tuple[str, Severity, str]


@dataclass(frozen=True)
class PartReport:
    """The report of a part of one log, or of all of it, with its counts; and the lines that begin in the part, blank ones included."""

    report: Report
    lines: int

    @property
    def log(self) -> LogCounts:
        return self.report.logs[0]


def merged(parts: Iterable[PartReport], *, are_offsets_of_file: bool) -> Report:
    """Returns the report of logs from those of their parts, in the order of the parts.

    Args:
        parts: The parts of a log follow each other.
        are_offsets_of_file: Whether bytes are counted from the beginning of the file, as `--range` does, and not from that of the part.
    """
    logs = [_log(list(own), are_offsets_of_file) for _, own in groupby(parts, key=lambda part: part.log.path)]
    return Report(
        findings=tuple(finding for report in logs for finding in report.findings),
        summary=_sum([report.summary for report in logs], files=len(logs)),
        logs=tuple(log for report in logs for log in report.logs),
    )


def _sum(summaries: Sequence[Summary], files: int) -> Summary:
    total: dict[str, Any] = {}
    for name in Summary.__dataclass_fields__:
        values = [getattr(own, name) for own in summaries]
        total[name] = dict(sum(map(Counter, values), Counter())) if name in ("formats", "passed_over") else sum(values)
    return Summary(**{**total, "files": files})


def _log(parts: Sequence[PartReport], are_offsets_of_file: bool) -> Report:
    """Returns the report of one log."""
    counts: dict[_Key, int] = {}
    said: Counter[str] = Counter()
    for part in parts:
        for group in part.log.groups:
            key = (group.rule, group.severity, group.pointer)
            if group.rule == _NOT_LISTED:
                said[group.severity] += group.count
            else:
                counts[key] = counts.get(key, 0) + group.count
    listed = _listed(_of_whole(parts, are_offsets_of_file), counts)
    path = parts[0].log.path
    lines = sum(part.log.lines for part in parts)
    left_out = _not_listed(counts, listed, path, _pages(parts))
    if left_out is not None:
        counts[(left_out.rule, left_out.severity, "")] = 1
    own = Counter(_key_of(finding, counts) for finding in listed + ([left_out] if left_out else []))
    groups = [
        FindingGroup(rule, severity, pointer, count, count / lines if lines else 0.0, own[(rule, severity, pointer)])
        for (rule, severity, pointer), count in _in_order(counts)
    ]
    summary = _sum([part.report.summary for part in parts], files=1)
    said.subtract([left_out.severity] if left_out else [])
    summary = replace(
        summary,
        errors=summary.errors - said["error"],
        warnings=summary.warnings - said["warning"],
        infos=summary.infos - said["info"],
    )
    documents, size = sum(part.log.documents for part in parts), sum(part.log.bytes for part in parts)
    findings = _numbered(listed) + ([left_out] if left_out else [])
    return Report(tuple(findings), summary, (LogCounts(path, lines, documents, size, tuple(groups)),))


def _in_order(counts: dict[_Key, int]) -> list[tuple[_Key, int]]:
    """Returns the groups: the most severe first, then those with the most findings."""
    return sorted(counts.items(), key=lambda own: (-_ORDER.index(own[0][1]), -own[1], own[0][0], own[0][2]))


def _of_whole(parts: Sequence[PartReport], are_offsets_of_file: bool) -> Iterator[Finding]:
    """Yields the findings of parts with their places in the whole."""
    lines = records = offset = 0
    for part in parts:
        log = part.log
        by = (0 if are_offsets_of_file else offset, lines)
        seen: Counter[tuple[str, str, str]] = Counter()
        for finding in part.report.findings:
            if finding.rule == _NOT_LISTED:
                continue
            # A fingerprint that is derived from the path of the value is made anew when the findings of the whole are numbered. One that is
            # derived from names stays.
            is_renewed = finding.fingerprint == _next_fingerprint(finding, seen)
            yield replace(
                finding,
                path=log.path,
                document=None if finding.document is None else finding.document + records,
                span=_moved(finding.span, by),
                related=tuple(_related(own, finding.path, log.path, by) for own in finding.related),
                fingerprint="" if is_renewed else finding.fingerprint,
            )
        lines += part.lines
        records += log.lines
        offset += log.bytes


def _related(own: RelatedPlace, part: str, path: str, by: tuple[int, int]) -> RelatedPlace:
    return RelatedPlace(path, _moved(own.span, by), own.message) if own.path == part else own


def _moved(span: Span, by: tuple[int, int]) -> Span:
    return Span(*(Position(at.offset + by[0], at.line + by[1], at.column) for at in (span.start, span.end)))


def _general(pointer: str) -> str:
    """Returns a path with `*` in place of the positions in lists, as the groups have it."""
    return "/".join("*" if name.isascii() and name.isdigit() else name for name in pointer.split("/"))


def _key_of(finding: Finding, counts: dict[_Key, int]) -> _Key:
    key = (finding.rule, finding.severity, _general(finding.pointer or ""))
    # Beyond the first thousand groups, all fields of a rule are one.
    return key if key in counts else (finding.rule, finding.severity, "")


def _listed(findings: Iterable[Finding], counts: dict[_Key, int]) -> list[Finding]:
    """Returns the findings that are listed of a log: the first places of each group, and others as long as there is room. A record is listed
    with all that was found in it, or not at all."""
    listed: list[Finding] = []
    of_groups: Counter[_Key] = Counter()
    for _, record in groupby(findings, key=lambda finding: finding.document):
        own = list(record)
        keys = [_key_of(finding, counts) for finding in own]
        fewest = min(of_groups[key] for key in keys)
        if fewest < _FIRST_PLACES or len(listed) < _MOST_PLACES:
            of_groups.update(keys)
            listed += own
    return listed


def _not_listed(counts: dict[_Key, int], listed: Sequence[Finding], path: str, pages: str) -> Finding | None:
    """Returns the finding that says how many findings are counted and not listed, in the words of the program."""
    own = Counter(_key_of(finding, counts) for finding in listed)
    left = [(key, count - own[key]) for key, count in _in_order(counts) if count > own[key]]
    if not left:
        return None
    named = [f"{count} of {rule}" + (f" at {pointer}" if pointer else "") for (rule, _, pointer), count in left[:_NAMED_GROUPS]]
    others = len(left) - len(named)
    message = f"{sum(count for _, count in left)} more findings in this log are not listed: {', '.join(named)}"
    message += f", and those of {others} others" if others else ""
    severity = max((key[1] for key, _ in left), key=_ORDER.index)
    start = Position(0, 1, 1)
    return Finding(
        rule=_NOT_LISTED,
        severity=severity,
        message=message,
        help=f"all are counted, and the first {_FIRST_PLACES} of each kind are listed",
        url=f"{pages}{_NOT_LISTED}.md",
        path=path,
        document=0,
        pointer="",
        part="value",
        span=Span(start, start),
        related=(),
        fixes=(),
        fingerprint=_fingerprint(_NOT_LISTED, path, "", message, 1),
    )


def _pages(parts: Sequence[PartReport]) -> str:
    """Returns the address of the pages of rules."""
    return next((finding.url.removesuffix(f"{finding.rule}.md") for part in parts for finding in part.report.findings), "")


def _numbered(findings: Sequence[Finding]) -> list[Finding]:
    """Returns findings with the fingerprints that they have in the whole: those that say the same of the same field are numbered."""
    seen: Counter[tuple[str, str, str]] = Counter()
    new = [_next_fingerprint(own, seen) for own in findings]
    return [replace(own, fingerprint=own.fingerprint or fingerprint) for own, fingerprint in zip(findings, new)]


def _next_fingerprint(own: Finding, seen: Counter[tuple[str, str, str]]) -> str:
    what = (own.rule, own.pointer or "", own.message)
    seen[what] += 1
    return _fingerprint(own.rule, own.path, own.pointer or "", own.message, seen[what])


def _fingerprint(rule: str, path: str, pointer: str, message: str, ordinal: int) -> str:
    digest = hashlib.sha256()
    for text in (rule, path, pointer, message):
        part = text.encode()
        digest.update(len(part).to_bytes(8, "little") + part)
    digest.update(ordinal.to_bytes(8, "little"))
    return digest.digest()[:16].hex()
