"""Tables in memory, as they are handed over by pyarrow, Polars, pandas and DuckDB, and findings as tables of these.

Run by `.ci/run`: python -m unittest discover tests/dataframes
"""

import datetime
import decimal
import json
import pathlib
import tempfile
import unittest

import duckdb
import mlspec_lint
import pandas
import polars
import pyarrow
from mlspec_lint._arrow import json_lines

SCHEMA = """mlSpecVersion: 0.2.0
kind: data-schema
id: 2c0d1a5e-8b2c-4f5d-9a44-6f0a9d7e3b52
name: loans
status: Active
version: 1.0.0
fields:
  - {name: amount, type: number, constraints: {required: true, minimum: 0}}
  - {name: state, type: string, categories: [open, paid]}
  - {name: opened, type: date}
"""
ROWS = {
    "amount": [100.5, -3.0, None, 7.25] * 50,
    "state": ["open", "paid", "lost", "open"] * 50,
    "opened": [datetime.date(2026, 1, 2)] * 200,
}


def rows(table):
    return [json.loads(line) for line in b"".join(json_lines(table)).splitlines()]


class Rows(unittest.TestCase):
    def test_values_are_those_of_json(self):
        zoned = pyarrow.timestamp("ns", "Europe/Berlin")
        table = pyarrow.table(
            {
                "int": pyarrow.array([2**63, None], pyarrow.uint64()),
                "float": [0.1, None],
                "half": pyarrow.array([0.5, None], pyarrow.float16()),
                "text": ['é\n"\\', None],
                "flag": [True, None],
                "day": [datetime.date(2026, 1, 2), None],
                "zoned": pyarrow.array([1767312000123456789, None], zoned),
                "local": pyarrow.array([1767312000123, None], pyarrow.timestamp("ms")),
                "time": [datetime.time(1, 2, 3), None],
                "decimal": [decimal.Decimal("12.50"), None],
                "struct": [{"a": 1, "list": [1.5, None]}, None],
                "category": pyarrow.array(["x", None]).dictionary_encode(),
                "map": pyarrow.array([[("k", 1)], None], pyarrow.map_(pyarrow.string(), pyarrow.int64())),
                "none": pyarrow.nulls(2),
            }
        )
        full, empty = rows(table)
        self.assertEqual(set(empty.values()), {None})
        self.assertEqual(
            full,
            {
                "int": 2**63,
                "float": 0.1,
                "half": 0.5,
                "text": 'é\n"\\',
                "flag": True,
                "day": "2026-01-02",
                "zoned": "2026-01-02T00:00:00.123456789Z",
                "local": "2026-01-02T00:00:00.123",
                "time": "01:02:03",
                "decimal": 12.5,
                "struct": {"a": 1, "list": [1.5, None]},
                "category": "x",
                "map": {"k": 1},
                "none": None,
            },
        )
        # A decimal keeps its digits.
        digits = pyarrow.table({"d": [decimal.Decimal("0.12345678901234567890123")]})
        self.assertEqual(b"".join(json_lines(digits)), b'{"d":0.12345678901234567890123}\n')

    def test_what_json_has_no_number_for_is_not_hidden(self):
        frame = polars.DataFrame({"a": [float("nan"), float("inf"), -float("inf")]})
        self.assertEqual([row["a"] for row in rows(frame)], ["NaN", "Infinity", "-Infinity"])

    def test_what_json_does_not_have_is_an_error(self):
        hour = pyarrow.array([datetime.timedelta(hours=1)])
        for wrong in (
            pyarrow.table({"x": [b"1"]}),
            pyarrow.table({"x": hour}),
            pyarrow.table({"x": [{"y": b"1"}]}),
            pyarrow.table({"x": [[b"1"]]}),
            pyarrow.table([[1], [2]], ["x", "x"]),
            pyarrow.table({"x": pyarrow.array([[(1, 2)]], pyarrow.map_(pyarrow.int64(), pyarrow.int64()))}),
            3,
            None,
        ):
            with self.assertRaises(mlspec_lint.MlspecLintError):
                list(json_lines(wrong))


class Check(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.schema = self.folder / "loans.yml"
        self.schema.write_text(SCHEMA)
        # A workspace, in which the schema has a name.
        (self.folder / "mlspec-lint.toml").touch()

    def tables(self):
        arrow = pyarrow.table(ROWS)
        connection = duckdb.connect()
        connection.register("loans", arrow)
        yield "pyarrow", arrow
        yield "a reader", arrow.to_reader(max_chunksize=7)
        yield "polars", polars.DataFrame(ROWS)
        yield "pandas", pandas.DataFrame({**ROWS, "opened": pandas.Series(ROWS["opened"], dtype="date32[pyarrow]")})
        yield "duckdb", connection.sql("SELECT * FROM loans")

    def test_a_table_has_the_findings_of_a_file_of_its_rows(self):
        file = self.folder / "table.jsonl"
        file.write_bytes(b"".join(json_lines(pyarrow.table(ROWS))))
        expected = mlspec_lint._check.check_with(["--schema", str(self.schema), "table.jsonl"], [], (), (), None, cwd=self.folder)
        (counts,) = expected.tables
        self.assertEqual(counts.rows, 200)
        found = {(group.rule, group.pointer): group.count for group in counts.groups if group.severity == "error"}
        wrong = [("data/missing-value", "/amount"), ("data/not-in-domain", "/state"), ("data/out-of-range", "/amount")]
        self.assertEqual(found, dict.fromkeys(wrong, 50))
        for name, table in self.tables():
            with self.subTest(name):
                report = mlspec_lint.check_table(table, schema=self.schema, cwd=self.folder)
                self.assertEqual(report, expected)

    def test_findings_are_a_table(self):
        report = mlspec_lint.check_table(polars.DataFrame(ROWS), schema="loans", cwd=self.folder)
        count = len(report.findings)
        self.assertGreater(count, 50)
        by_rule = {own.rule for own in report.findings}
        frame = polars.DataFrame(report)
        self.assertEqual((frame.height, set(frame["rule"])), (count, by_rule))
        self.assertEqual(len(pandas.DataFrame(report.to_dicts())), count)
        self.assertEqual(pyarrow.table(report).num_rows, count)
        self.assertEqual(duckdb.sql("SELECT count(*) FROM report").fetchall(), [(count,)])
        # Nothing found is a table with the same columns.
        right = pyarrow.table({name: own[:1] * 30 for name, own in ROWS.items()})
        none = mlspec_lint.check_table(right, schema=self.schema, select=["data/out-of-range"])
        self.assertEqual(none.findings, ())
        self.assertEqual(none.to_arrow().schema, report.to_arrow().schema)

    def test_records_are_checked_as_a_log(self):
        request = [
            {
                "requestId": f"3e35986c-ef7e-4937-b342-{own:012x}",
                "requestTimestamp": datetime.datetime(2026, 7, 14, 9, own % 60),
                "requestLatencyMs": -1.0 if own % 10 == 0 else 5.0,
            }
            for own in range(100)
        ]
        table = polars.DataFrame({"requestInfo": request, "modelId": ["card"] * 100, "resultInfo": [{"resultCode": 200}] * 100, "prediction": [0.5] * 100})
        report = mlspec_lint.check_records(table)
        negative = [own for own in report.findings if own.rule == "inference/latency-negative-or-unitless"]
        self.assertEqual([own.document for own in negative], list(range(0, 100, 10)))
        self.assertEqual(report.summary.documents, 100)

    def test_what_is_wrong_is_said(self):
        table = pyarrow.table(ROWS)
        with self.assertRaises(mlspec_lint.MlspecLintError):
            mlspec_lint.check_table(table, schema=self.folder / "absent.yml")
        with self.assertRaisesRegex(mlspec_lint.MlspecLintError, "jsonl"):
            mlspec_lint.check_table(table, schema=self.schema, name="loans.csv")
        # A reader that fails in the middle.
        def batches():
            yield table.to_batches()[0]
            raise OSError("the disk is gone")

        broken = pyarrow.RecordBatchReader.from_batches(table.schema, batches())
        with self.assertRaisesRegex(OSError, "the disk is gone"):
            mlspec_lint.check_table(broken, schema=self.schema)


if __name__ == "__main__":
    unittest.main()
