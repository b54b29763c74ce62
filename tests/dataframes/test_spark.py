"""Logs on Spark: the report is that of one machine. Run by `.ci/run`: python -m unittest discover tests/dataframes"""

import gzip
import json
import os
import pathlib
import random
import sys
import tempfile
import unittest

import mlspec_lint
from mlspec_lint import spark as mlspec_spark
from mlspec_lint._check import check_with
from pyspark.sql import SparkSession

os.environ["PYSPARK_PYTHON"] = os.environ["PYSPARK_DRIVER_PYTHON"] = sys.executable


def log(count, seed):
    """Returns a log with faults of several kinds, blank lines, both kinds of line breaks, and a last line without one."""
    chance = random.Random(seed)
    lines = []
    for number in range(count):
        record = {
            "requestInfo": {
                "requestId": f"3e35986c-ef7e-4937-b342-{number:012x}",
                "requestTimestamp": f"2026-07-14T09:{number // 60 % 60:02}:{number % 60:02}Z",
                "requestLatencyMs": -1 if chance.random() < 0.8 else 5.5,
            },
            "modelId": "card-é/1.4.0",
            "inputs": {"featureNames": ["a", "b"], "featureValues": [1] if chance.random() < 0.2 else [1, number]},
            "resultInfo": {"resultCode": "x" if chance.random() < 0.02 else 200},
            "prediction": chance.random(),
        }
        if chance.random() < 0.05:
            record["mlSpecVersion"] = "0.1.0"
        text = json.dumps(record, ensure_ascii=False)
        if chance.random() < 0.02:
            text = text.replace('"prediction": ', '"prediction": NaN, "x-was": ')
        lines.append(text + ("\r\n" if number % 3 == 0 else "\n") + ("\n" if number % 50 == 0 else ""))
    return "".join(lines).rstrip("\n")


def place(finding):
    """Returns what is found, and where, without bytes."""
    return finding.rule, finding.message, finding.document, finding.span.start.line, finding.span.start.column


def single(*arguments):
    """Returns the report of one machine. Small logs are streamed, too."""
    return check_with(["--isolated", "--no-cross-records", *map(str, arguments)], [], (), (), None, cwd=None)


class Spark(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        builder = SparkSession.builder.master("local[2]").appName("mlspec-lint").config("spark.ui.enabled", "false")
        # Blocks of lines, so that a file has several.
        builder = builder.config("spark.sql.files.maxPartitionBytes", "100000").config("spark.driver.bindAddress", "127.0.0.1")
        cls.spark = builder.getOrCreate()
        cls.spark.sparkContext.setLogLevel("ERROR")
        cls.addClassCleanup(cls.spark.stop)
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.folder = pathlib.Path(folder.name, "logs of é")
        cls.folder.mkdir()
        (cls.folder / "a.jsonl").write_text(log(1300, 3), newline="")
        (cls.folder / "b.jsonl").write_text(log(150, 4).replace("\r\n", "\n") + "\n", newline="")
        (cls.folder / "c.jsonl.gz").write_bytes(gzip.compress(log(100, 5).encode()))
        (cls.folder / "_SUCCESS").touch()

    def expected(self):
        """Returns the reports of one machine, file by file."""
        for name in ("a.jsonl", "b.jsonl", "c.jsonl.gz"):
            path = self.folder / name
            where = [] if name.endswith(".gz") else ["--range", f"0-{path.stat().st_size}"]
            yield single(*where, path)

    def test_the_report_is_that_of_one_machine(self):
        report = mlspec_spark.check(self.spark, [self.folder], part_bytes=80_000)
        expected = list(self.expected())
        self.assertEqual(report.findings, tuple(own for part in expected for own in part.findings))
        self.assertEqual(report.logs, tuple(own for part in expected for own in part.logs))
        self.assertEqual(report.summary.errors, sum(part.summary.errors for part in expected))
        self.assertEqual((report.summary.files, report.summary.documents), (3, 1550))
        url = (self.folder / "b.jsonl").as_uri()
        self.assertEqual(mlspec_spark.check(self.spark, url, part_bytes=17_777).logs, expected[1].logs)
        ignoring = mlspec_spark.check(self.spark, [self.folder], ignore=["inference"])
        self.assertEqual({own.rule.split("/")[0] for own in ignoring.findings}, {"document"})

    def test_lines_have_their_places_in_the_file(self):
        lines = mlspec_spark.read_lines(self.spark, str(self.folder))
        self.assertGreater(lines.rdd.getNumPartitions(), 3)
        report = mlspec_spark.check_lines(lines)
        for own, expected in zip(report.logs, self.expected(), strict=True):
            (log,) = expected.logs
            self.assertEqual((own.path, own.lines, own.documents, own.groups), (log.path, log.lines, log.documents, log.groups))
            mine = [finding for finding in report.findings if finding.path == log.path]
            self.assertEqual(list(map(place, mine)), list(map(place, expected.findings)))
        # Where each line ends with one byte, offsets are those of the file, too.
        (b,) = [own for own in self.expected() if own.logs[0].path.endswith("b.jsonl")]
        self.assertEqual(tuple(own for own in report.findings if own.path.endswith("b.jsonl")), b.findings)

    def test_lines_without_a_place_are_logs_of_partitions(self):
        lines = self.spark.createDataFrame([(text,) for text in log(100, 6).splitlines()], "value string").repartition(2)
        report = mlspec_spark.check_lines(lines)
        self.assertEqual([own.path for own in report.logs], ["partition-00000.jsonl", "partition-00001.jsonl"])
        self.assertEqual(report.summary.documents, 100)

    def test_what_is_wrong_is_said(self):
        check = mlspec_spark.check
        (self.folder / "empty").mkdir(exist_ok=True)
        document = self.folder / "empty" / "run.yml"
        for paths, said in (
            ([], "no path"),
            (["relative.jsonl"], "absolute"),
            ([self.folder / "absent.jsonl"], "is not there"),
            ([self.folder / "empty"], "no log in"),
            (["s3://bucket/log.jsonl"], "read_lines"),
        ):
            with self.assertRaisesRegex(mlspec_lint.MlspecLintError, said):
                check(self.spark, paths)
        document.write_text("kind: run\n")
        with self.assertRaises(mlspec_lint.MlspecLintError):
            check(self.spark, [document])
        with self.assertRaisesRegex(mlspec_lint.MlspecLintError, "unknown rule"):
            check(self.spark, [self.folder], select=["inference/absent"])
        with self.assertRaisesRegex(mlspec_lint.MlspecLintError, "'value'"):
            mlspec_spark.check_lines(self.spark.range(3))
        with self.assertRaisesRegex(mlspec_lint.MlspecLintError, "no lines"):
            mlspec_spark.check_lines(self.spark.createDataFrame([], "value string"))


if __name__ == "__main__":
    unittest.main()
