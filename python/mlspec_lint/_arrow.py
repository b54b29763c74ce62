"""Arrow tables: rows as JSON Lines for the program, findings as a table for whoever goes on with them."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from json.encoder import encode_basestring as _text
from typing import Any

import pyarrow as pa

from ._program import MlspecLintError

#: The most rows that are text at a time.
_MOST_ROWS = 16_384


def json_lines(table: object) -> Iterator[bytes]:
    """Yields the rows of a table as JSON Lines, some thousand at a time. The table is anything that Arrow takes: a table or a reader of
    pyarrow, a frame of Polars or pandas, a relation of DuckDB.

    Nulls are null. What JSON has no number for, NaN and the infinities, is a text, so that it is reported as one. Times are ISO 8601.

    Raises:
        MlspecLintError: It is no table, or a column cannot be a value of JSON.
    """
    reader = _reader(table)
    keys = _keys(reader.schema)
    for batch in reader:
        for start in range(0, batch.num_rows, _MOST_ROWS):
            yield _lines(keys, batch.slice(start, _MOST_ROWS))


def _reader(table: object) -> Any:
    if isinstance(table, pa.RecordBatchReader):
        return table
    if isinstance(table, pa.Table):
        return table.to_reader()
    if isinstance(table, pa.RecordBatch):
        return pa.RecordBatchReader.from_batches(table.schema, [table])
    if hasattr(table, "__arrow_c_stream__"):
        return pa.RecordBatchReader.from_stream(table)
    if hasattr(table, "fetch_record_batch"):
        return table.fetch_record_batch()
    kind = f"{type(table).__module__}.{type(table).__qualname__}"
    raise MlspecLintError(f"{kind} is no Arrow table, and cannot be made one")


def _keys(schema: Any) -> list[str]:
    names: list[str] = schema.names
    twice = sorted({name for name in names if names.count(name) > 1}) if len(set(names)) < len(names) else []
    if twice:
        raise MlspecLintError(f"several columns are called {', '.join(map(repr, twice))}")
    for field in schema:
        _require_json(field.name, field.type)
    return [f"{_text(name)}:" for name in names]


def _require_json(column: str, kind: Any) -> None:
    """Raises MlspecLintError if values of this type cannot be values of JSON."""
    types = pa.types
    if isinstance(kind, pa.BaseExtensionType):
        kind = kind.storage_type
    if types.is_dictionary(kind):
        kind = kind.value_type
    if any(has(kind) for has in (types.is_list, types.is_large_list, types.is_fixed_size_list)):
        _require_json(column, kind.value_type)
    elif types.is_struct(kind):
        for field in kind:
            _require_json(f"{column}.{field.name}", field.type)
    elif types.is_map(kind):
        if not (types.is_string(kind.key_type) or types.is_large_string(kind.key_type)):
            raise MlspecLintError(f"the keys of column '{column}' are {kind.key_type}, and those of JSON are texts")
        _require_json(column, kind.item_type)
    elif not any(has(kind) for has in _PLAIN):
        raise MlspecLintError(f"column '{column}' has values of type {kind}, which JSON does not have: convert it, or leave it out")


_PLAIN: Sequence[Callable[[Any], bool]] = (
    pa.types.is_null,
    pa.types.is_boolean,
    pa.types.is_integer,
    pa.types.is_floating,
    pa.types.is_decimal,
    pa.types.is_string,
    pa.types.is_large_string,
    lambda kind: str(kind) == "string_view",
    pa.types.is_date,
    pa.types.is_time,
    pa.types.is_timestamp,
)


def _lines(keys: Sequence[str], batch: Any) -> bytes:
    columns = [[key + value for value in _values(column)] for key, column in zip(keys, batch.columns)]
    rows = zip(*columns) if columns else (() for _ in range(batch.num_rows))
    return "".join(f"{{{','.join(row)}}}\n" for row in rows).encode()


def _values(column: Any) -> Iterable[str]:
    """Returns the values of a column as JSON. Most columns need no look at each value."""
    if isinstance(column.type, pa.BaseExtensionType):
        column = column.storage
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    kind = column.type
    if pa.types.is_integer(kind) or pa.types.is_boolean(kind):
        written: list[str] = column.cast(pa.string()).fill_null("null").to_pylist()
        return written
    if pa.types.is_date(kind):
        days = column.cast(pa.date32()).cast(pa.string()).to_pylist()
        return ("null" if day is None else f'"{day}"' for day in days)
    if pa.types.is_timestamp(kind):
        return map(_json, _times(column))
    if pa.types.is_float16(kind):
        column = column.cast(pa.float32())
    values = column.to_pylist()
    if column.null_count == 0:
        if pa.types.is_string(kind) or pa.types.is_large_string(kind):
            return map(_text, values)
        if pa.types.is_floating(kind) and all(map(math.isfinite, values)):
            return map(float.__repr__, values)
    return map(_json, values)


def _times(column: Any) -> Iterable[str | None]:
    # Not by way of `datetime`, which has no nanoseconds.
    texts = column.cast(pa.timestamp(column.type.unit)).cast(pa.string()).to_pylist()
    zone = "" if column.type.tz is None else "Z"
    return (None if text is None else text.replace(" ", "T", 1) + zone for text in texts)


def _json(value: Any) -> str:
    """Returns a value of Arrow as JSON."""
    if value is None:
        return "null"
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return repr(value) if math.isfinite(value) else f'"{_not_finite(value)}"'
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, Mapping):
        return "{" + ",".join(f"{_text(key)}:{_json(own)}" for key, own in value.items()) + "}"
    if isinstance(value, list):
        # A map is a list of pairs.
        if value and all(isinstance(own, tuple) for own in value):
            return _json(dict(value))
        return "[" + ",".join(map(_json, value)) + "]"
    if hasattr(value, "isoformat"):
        return json.dumps(value.isoformat())
    raise MlspecLintError(f"{type(value).__qualname__} is nothing that JSON has")


def _not_finite(value: float) -> str:
    return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"


def findings_table(findings: list[dict[str, Any]]) -> Any:
    """Returns a table of findings, whose columns have their types also where there is none."""
    text, number = pa.string(), pa.int64()
    required = [pa.field("path", text, nullable=False)]
    place = [pa.field(name, number, nullable=name == "document") for name in ("document", "line", "column", "offset")]
    said = [pa.field(name, text, nullable=name == "help") for name in ("rule", "severity", "message", "help")]
    where = [pa.field("pointer", text), pa.field("part", text), pa.field("is_fixable", pa.bool_(), nullable=False)]
    last = [pa.field("url", text, nullable=False), pa.field("fingerprint", text, nullable=False)]
    return pa.Table.from_pylist(findings, schema=pa.schema(required + place + said + where + last))
