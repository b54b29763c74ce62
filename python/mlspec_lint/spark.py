"""Logs on Apache Spark: each task runs the program on a part of a log, and the summaries are added up to the report of the whole, on the driver.

>>> from mlspec_lint import spark as mlspec_spark                                # doctest: +SKIP
>>> report = mlspec_spark.check(spark, ["/mnt/logs/2026-09.jsonl"])              # doctest: +SKIP
>>> report.raise_for_findings()                                                  # doctest: +SKIP

Needs `mlspec-lint`, `pyspark` and `pyarrow` on the driver and the workers. One machine checks gigabytes in seconds: this is for data that is
already there. The records of a log are not compared with each other, as with `--no-cross-records`. What tasks hand to the driver holds lines of
the log in which something was found; the report masks credentials in them, as always.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from ._check import options
from ._program import Answer, MlspecLintError, run
from ._read import report_of
from ._report import Report

#: What is compressed has no parts: it is one.
_COMPRESSED = (".gz", ".zst")
_LOGS = tuple(name + packed for name in (".jsonl", ".ndjson") for packed in ("", *_COMPRESSED))


@dataclass(frozen=True)
class _Part:
    """The records of a file that begin in these bytes, or all of them."""

    path: str
    range: tuple[int, int] | None


def check(
    spark: Any,
    paths: Iterable[str | os.PathLike[str]],
    *,
    part_bytes: int = 64 << 20,
    select: Iterable[str] = (),
    ignore: Iterable[str] = (),
    config: str | os.PathLike[str] | None = None,
) -> Report:
    """Checks logs on storage that the driver and all workers can open, a part in each task, by ranges of bytes.

    Lines, records and offsets of findings are those of the whole files, and so are the counts.

    Args:
        spark: The `SparkSession`.
        paths: Files, and folders of which all logs are taken; absolute, or as `file:` URLs. Compressed files are one part each.
        part_bytes: The length of a part, in bytes.
        select, ignore, config: As those of `mlspec_lint.check`. The settings are read by each worker; a relative path begins at the driver.

    Raises:
        MlspecLintError: There is no log, or a part cannot be checked; the text says which.
    """
    if part_bytes < 1:
        raise MlspecLintError(f"a part has at least one byte, and not {part_bytes}")
    parts = [part for path in _files(paths) for part in _parts(path, part_bytes)]
    if not parts:
        raise MlspecLintError("there is no log to check: no path was given")
    arguments = _arguments(select, ignore, config)

    def check_parts(batches: Iterator[Any]) -> Iterator[Any]:
        for batch in batches:
            for number in batch.column(0).to_pylist():
                part = parts[number]
                yield _row(number, part.path, 0, _summary_of_part(part, arguments))

    numbers = spark.range(0, len(parts), 1, len(parts))
    return _merged(_collected(numbers.mapInArrow(check_parts, _ROW), lambda row: row.part), arguments)


def read_lines(spark: Any, paths: str | Sequence[str]) -> Any:
    """Returns the lines of files that Spark can read, and where each is from: a DataFrame with `value`, `file` and `start`."""
    lines = spark.read.text(paths if isinstance(paths, str) else list(paths))
    return lines.selectExpr("value", "_metadata.file_path AS file", "_metadata.file_block_start AS start")


def check_lines(
    lines: Any,
    *,
    select: Iterable[str] = (),
    ignore: Iterable[str] = (),
    config: str | os.PathLike[str] | None = None,
) -> Report:
    """Checks lines that only Spark can read, such as those of a log in an object store.

    Lines and records of findings are those of whole files if the DataFrame is from `read_lines`, and none of its rows was removed, added or
    moved. Offsets are those that the lines would have if each ended with one byte.

    Args:
        lines: A DataFrame with the column `value`, a record in JSON in each row; and with `file` and `start`, which say from which file and
            block. Without these, each partition is a log of its own.
        select, ignore, config: As those of `mlspec_lint.check`. Without `config`, there are no settings: the lines have no folder.

    Raises:
        MlspecLintError: There are no lines, a column is missing, or a part cannot be checked; the text says which.
    """
    has_place = {"file", "start"} <= set(lines.columns)
    if "value" not in lines.columns:
        raise MlspecLintError(f"there is no column 'value' of lines, only {', '.join(lines.columns)}")
    own = lines.select("value", "file", "start") if has_place else lines.selectExpr("value", "'' AS file", "0L AS start")
    arguments = _arguments(select, ignore, config) + ([] if config else ["--isolated"])

    def check_blocks(batches: Iterator[Any]) -> Iterator[Any]:
        from pyspark import TaskContext

        context = TaskContext.get()
        number = context.partitionId() if context is not None else 0
        blocks = _Blocks(batches)
        for file, start in blocks:
            name = _name(file) if file else f"partition-{number:05}.jsonl"
            yield _row(number, name, start, _summary("-", [f"--stdin-filename={name}", *arguments], blocks.lines()))

    rows = _collected(own.mapInArrow(check_blocks, _ROW), lambda row: (row.path, row.start, row.part))
    if not rows:
        raise MlspecLintError("there is no log to check: the DataFrame has no lines")
    return _merged(rows, arguments)


class _Blocks:
    """The lines of a partition, block by block: the lines of a block follow each other."""

    def __init__(self, batches: Iterator[Any]) -> None:
        self._batches = batches
        self._rest: list[tuple[tuple[str, int], list[str | None]]] = []
        self._block: tuple[str, int] | None = None

    def __iter__(self) -> Iterator[tuple[str, int]]:
        while self._fill():
            self._block = self._rest[0][0]
            yield self._block
            # What was not asked for, as the program had ended, is not part of the next block.
            for _ in self.lines():
                pass

    def lines(self) -> Iterator[bytes]:
        """Yields the lines of the block, as text in parts."""
        while self._fill() and self._rest[0][0] == self._block:
            _, lines = self._rest.pop(0)
            yield "".join(f"{line or ''}\n" for line in lines).encode()

    def _fill(self) -> bool:
        """Returns whether there is another line."""
        while not self._rest:
            batch = next(self._batches, None)
            if batch is None:
                return False
            values, files, starts = (batch.column(at).to_pylist() for at in range(3))
            for value, file, start in zip(values, files, starts):
                block = (file or "", start or 0)
                if not self._rest or self._rest[-1][0] != block:
                    self._rest.append((block, []))
                self._rest[-1][1].append(value)
        return True


#: What a task returns: of which part, and its summary, or why there is none.
_ROW = "part long, path string, start long, summary string, error string"


def _row(part: int, path: str, start: int, outcome: tuple[str | None, str | None]) -> Any:
    import pyarrow as pa

    summary, error = outcome
    row = {"part": part, "path": path, "start": start, "summary": summary, "error": error}
    schema = pa.schema([(name, pa.int64() if name in ("part", "start") else pa.string()) for name in row])
    return pa.RecordBatch.from_pylist([row], schema=schema)


def _collected(frame: Any, order: Any) -> list[str]:
    """Returns the summaries of all parts, in their order."""
    summaries = []
    for row in sorted(frame.collect(), key=order):
        if row.error is not None:
            raise MlspecLintError(f"{row.path}: {row.error}")
        summaries.append(row.summary)
    return summaries


def _merged(summaries: Iterable[str], arguments: Sequence[str]) -> Report:
    """Returns the report of the whole."""
    text = (summary.encode() for summary in summaries)
    return report_of(_run("-", ["--merge", "--format=json", "--fail-on=error", *arguments], text, expected=[0, 1]))


def _summary_of_part(part: _Part, arguments: Sequence[str]) -> tuple[str | None, str | None]:
    where = [] if part.range is None else [f"--range={part.range[0]}-{part.range[1]}"]
    return _summary(part.path, [*where, *arguments], None)


def _summary(path: str, arguments: Sequence[str], text: Iterable[bytes] | None) -> tuple[str | None, str | None]:
    """Returns the summary, or what went wrong: an error of a task would be tried again, and hidden in a trace."""
    try:
        return _run(path, ["--summary", *arguments], text, expected=[0]).text, None
    except (MlspecLintError, OSError) as error:
        return None, str(error)


def _run(path: str, arguments: Sequence[str], text: Iterable[bytes] | None, expected: Sequence[int]) -> Answer:
    """Runs a check. Where a worker happens to run decides about no name in the report."""
    return run(["check", *arguments], operands=[path], text=text, cwd=os.path.abspath(os.sep), expected=expected)


def _arguments(select: Iterable[str], ignore: Iterable[str], config: str | os.PathLike[str] | None) -> list[str]:
    own = None if config is None else os.path.abspath(config)
    # A worker has as many tasks as cores.
    return ["--threads=1", *options(select, ignore, own)]


def _files(paths: Iterable[str | os.PathLike[str]]) -> Iterator[str]:
    if isinstance(paths, (str, os.PathLike)):
        paths = [paths]
    for given in paths:
        path = Path(_local(os.fspath(given)))
        if not path.is_absolute():
            raise MlspecLintError(f"{path} begins where the driver runs, and workers run elsewhere: give an absolute path")
        if path.is_file():
            yield str(path)
            continue
        # As Spark has it: what begins with an underscore or a dot is no data.
        inside = sorted(own for own in path.glob("*") if own.name.endswith(_LOGS) and not own.name.startswith(("_", ".")))
        if not inside:
            raise MlspecLintError(f"{path} is not there" if not path.exists() else f"there is no log in {path}")
        yield from map(str, inside)


def _local(path: str) -> str:
    url = urlsplit(path)
    if "://" in path and url.scheme != "file":
        raise MlspecLintError(f"workers cannot open {path}: `check_lines(read_lines(spark, …))` checks what only Spark can read")
    return unquote(url.path) if url.scheme == "file" else path


def _parts(path: str, part_bytes: int) -> Iterator[_Part]:
    size = os.path.getsize(path)
    if path.endswith(_COMPRESSED) or size == 0:
        yield _Part(path, None)
        return
    for start in range(0, size, part_bytes):
        yield _Part(path, (start, min(start + part_bytes, size)))


def _name(file: str) -> str:
    """Returns the name of a file of Spark, as a path if it is local."""
    url = urlsplit(file)
    return unquote(url.path) if url.scheme == "file" else file
