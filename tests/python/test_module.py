"""The module, as it is installed from the wheel. Run by `.ci/run`: python -m unittest discover tests/python"""

import contextlib
import doctest
import hashlib
import pathlib
import subprocess
import sys
import tarfile
import tempfile
import unittest
import zipfile

import mlspec_lint

ROOT = pathlib.Path(__file__).resolve().parents[2]
RUN = """mlSpecVersion: 0.1.0
kind: run
id: 3c4f0a52-7a60-4f0f-a8a9-8f3f7f0f3f11
name: fit
experiment_id: card-default
metrics:
  - {key: accuracy, value: '0.8'}
  - {key: é, value: 1, cout: 3}
"""


class Check(unittest.TestCase):
    def test_findings_are_dataclasses(self):
        report = mlspec_lint.check_text(RUN, name="runs/fit.yml")
        errors = {finding.rule: finding for finding in report.at_least("error")}
        self.assertEqual(set(errors), {"run/metric-value-mismatch", "document/unknown-field"})
        found = errors["run/metric-value-mismatch"]
        self.assertEqual((found.path, found.span.start.line, found.pointer), ("runs/fit.yml", 7, "/metrics/0/value"))
        self.assertTrue(str(found).startswith("runs/fit.yml:7:28: error[run/metric-value-mismatch] 'value' is a string"), str(found))
        # The offsets are those of bytes.
        (edit,) = errors["document/unknown-field"].fixes[0].edits
        self.assertEqual(RUN.encode()[edit.start : edit.end], b"cout")
        self.assertEqual(report.summary.errors, 2)

    def test_findings_can_be_raised(self):
        report = mlspec_lint.check_text(RUN, select=["run/metric-value-mismatch"])
        self.assertEqual(len(report.findings), 1)
        self.assertEqual(mlspec_lint.check_text("a: 1\n").findings[0].rule, "document/unknown-kind")
        with self.assertRaises(mlspec_lint.FindingsError) as raised:
            report.raise_for_findings()
        self.assertEqual(raised.exception.findings, report.findings)
        mlspec_lint.check_text(RUN, ignore=["run", "document", "reproducibility", "reference"]).raise_for_findings("error")

    def test_files_and_folders_are_checked(self):
        report = mlspec_lint.check(ROOT / "examples/credit-default")
        self.assertEqual((report.findings, report.summary.documents), ((), 40))
        inside = mlspec_lint.check(cwd=ROOT / "examples/credit-default")
        self.assertEqual((inside.findings, inside.summary), (report.findings, report.summary))
        # Its log is small, and none of its records has a finding.
        (log,) = inside.logs
        self.assertEqual((log.path, log.groups), ("monitoring/2026-09-01.inference-log.jsonl", ()))

    def test_the_wheel_reads_parquet(self):
        report = mlspec_lint.check(ROOT / "tests/parquet/nested.parquet")
        found = [(finding.rule, finding.span.start.line, finding.pointer) for finding in report.findings]
        self.assertEqual(
            found,
            [
                ("inference/latency-negative-or-unitless", 14, "/requestInfo/requestLatencyMs"),
                ("inference/missing-attribute", 18, "/requestInfo"),
            ],
        )

    def test_what_cannot_be_checked_is_an_error(self):
        with tempfile.TemporaryDirectory() as empty:
            for wrong in (
                lambda: mlspec_lint.check(empty),
                lambda: mlspec_lint.check(empty + "/absent.yml"),
                lambda: mlspec_lint.check_text(RUN, select=["run/absent"]),
                lambda: mlspec_lint.check_text(RUN, select="run"),
                lambda: mlspec_lint.check_text(RUN, config=empty + "/absent.toml"),
            ):
                with self.assertRaises(mlspec_lint.MlspecLintError) as raised:
                    wrong()
                self.assertTrue(str(raised.exception))


class Gate(unittest.TestCase):
    def judged(self, candidate):
        folder = ROOT / "examples/gate/candidates" / candidate
        return mlspec_lint.gate(ROOT / "examples/gate/objectives.yml", evaluation=folder / "evaluation.yml", test=[folder / "test.yml"])

    def test_the_verdict_is_that_of_the_gate(self):
        for candidate, expected in (("meets-all", "pass"), ("fails-one-language", "fail"), ("too-few-calls", "unknown")):
            verdict = self.judged(candidate)
            self.assertEqual(verdict.verdict, expected)
            self.assertEqual(verdict.is_let_through, expected == "pass")
        self.judged("meets-all").raise_if_blocked()
        with self.assertRaises(mlspec_lint.BlockedError) as raised:
            self.judged("fails-one-language").raise_if_blocked()
        failed = [own.id for own in raised.exception.verdict.objectives if own.verdict == "fail"]
        self.assertTrue(failed and all(name in str(raised.exception) for name in failed))

    def test_without_a_verdict_there_is_an_error(self):
        with self.assertRaises(mlspec_lint.MlspecLintError):
            mlspec_lint.gate(ROOT / "examples/gate/absent.yml")
        with tempfile.NamedTemporaryFile("w", suffix=".yml") as broken:
            broken.write("kind: objectives\nobjectives: [{id: a, expect: 'recall >='}]\n")
            broken.flush()
            with self.assertRaises(mlspec_lint.MlspecLintError):
                mlspec_lint.gate(broken.name)


class Texts(unittest.TestCase):
    def test_pages_and_schemas(self):
        self.assertIn("# run/metric-value-mismatch", mlspec_lint.explain("run/metric-value-mismatch"))
        self.assertEqual(mlspec_lint.schema("run")["$schema"], "https://json-schema.org/draft/2020-12/schema")
        for wrong in (lambda: mlspec_lint.explain("run/absent"), lambda: mlspec_lint.schema("absent")):
            with self.assertRaises(mlspec_lint.MlspecLintError):
                wrong()

    def test_the_program_runs_as_a_module(self):
        said = subprocess.run([sys.executable, "-m", "mlspec_lint", "--version"], capture_output=True, text=True, check=True)
        self.assertEqual(said.stdout, f"mlspec-lint {mlspec_lint.version()}\n")

    def test_the_example_of_the_module_is_right(self):
        self.assertEqual(doctest.testmod(mlspec_lint).failed, 0)

    def test_the_page_is_right(self):
        with contextlib.chdir(ROOT) if sys.version_info >= (3, 11) else contextlib.nullcontext():
            result = doctest.testfile(str(ROOT / "spec/python.md"), module_relative=False)
        self.assertEqual(result.failed, 0)
        self.assertGreater(result.attempted, 5)


class Archive(unittest.TestCase):
    def test_the_archive_of_a_release_holds_the_program_of_the_wheel(self):
        with tempfile.TemporaryDirectory() as place:
            wheels, archives = pathlib.Path(place, "wheels"), pathlib.Path(place, "archives")
            wheels.mkdir()
            with zipfile.ZipFile(wheels / "mlspec_lint-0.1.0-py3-none-any.whl", "w") as wheel:
                wheel.writestr("mlspec_lint-0.1.0.data/scripts/mlspec-lint", b"the program")
                wheel.writestr("mlspec_lint-0.1.0.dist-info/licenses/LICENSE", "the license")
                wheel.writestr("mlspec_lint/__init__.py", "")
            command = [sys.executable, str(ROOT / ".github/archive.py"), "x86_64-unknown-linux-musl", str(wheels), str(archives)]
            subprocess.run(command, check=True)
            packed = archives / "mlspec-lint-x86_64-unknown-linux-musl.tar.gz"
            with tarfile.open(packed) as archive:
                program, text = archive.getmembers()
                self.assertEqual((program.name, program.mode, archive.extractfile(program).read()), ("mlspec-lint", 0o755, b"the program"))
                self.assertEqual((text.name, archive.extractfile(text).read()), ("LICENSE", b"the license"))
            digest = pathlib.Path(f"{packed}.sha256").read_text()
            self.assertEqual(digest, f"{hashlib.sha256(packed.read_bytes()).hexdigest()}  {packed.name}\n")


if __name__ == "__main__":
    unittest.main()
