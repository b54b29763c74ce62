"""Tables that are in memory: checked as files of the same rows are."""

from __future__ import annotations

import os
from collections.abc import Iterable

from ._check import check_with
from ._program import MlspecLintError, path_of, text_of
from ._report import Report


def check_table(
    table: object,
    *,
    schema: str | os.PathLike[str],
    name: str = "table.jsonl",
    select: Iterable[str] = (),
    ignore: Iterable[str] = (),
    config: str | os.PathLike[str] | None = None,
    cwd: str | os.PathLike[str] | None = None,
) -> Report:
    """Checks a table against a data schema, as `mlspec-lint check --schema` checks a file of its rows. Needs pyarrow.

    Args:
        table: A table or reader of pyarrow, a DataFrame of Polars or pandas, a relation of DuckDB, or anything else with an Arrow stream.
            Rows are handed over as they come: a reader is read once, and not kept in memory.
        schema: The file of a data schema, or its name in the workspace.
        name: The name of the table in the report. The `document` of a finding is its row, from 0, and its `pointer` the column.

    Raises:
        MlspecLintError: There is no such schema, it has errors, or a column cannot be checked, such as one of bytes.
        ImportError: pyarrow is not installed.
    """
    own = path_of(schema, "schema")
    if os.sep in own or own.endswith((".yml", ".yaml", ".json")):
        own = os.path.abspath(os.path.join(cwd or "", own))
    return _check([f"--schema={own}"], table, name, select, ignore, config, cwd)


def check_records(
    table: object,
    *,
    name: str = "records.jsonl",
    select: Iterable[str] = (),
    ignore: Iterable[str] = (),
    config: str | os.PathLike[str] | None = None,
    cwd: str | os.PathLike[str] | None = None,
) -> Report:
    """Checks a table of inference records, as `mlspec-lint check` checks a log of them. Needs pyarrow.

    A column is a field of the record; a column of structs is a mapping, such as `requestInfo`. A field that is null is absent to the rules that
    require it.

    Args:
        table: As that of `check_table`.
        name: The name of the log in the report. The `document` of a finding is its row, from 0.

    Raises:
        MlspecLintError: A column cannot be checked, such as one of bytes.
        ImportError: pyarrow is not installed.
    """
    return _check([], table, name, select, ignore, config, cwd)


def _check(
    arguments: list[str],
    table: object,
    name: str,
    select: Iterable[str],
    ignore: Iterable[str],
    config: str | os.PathLike[str] | None,
    cwd: str | os.PathLike[str] | None,
) -> Report:
    if not text_of(name, "name").endswith((".jsonl", ".ndjson")):
        raise MlspecLintError(f"the name of a table ends with .jsonl, as which it is checked, and not as '{name}'")
    from ._arrow import json_lines

    return check_with([f"--stdin-filename={name}", *arguments], ["-"], select, ignore, config, text=json_lines(table), cwd=cwd)
