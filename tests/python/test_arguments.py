"""What is given to the module, and what of it is handed to the program. Run by `.ci/run`: python -m unittest discover tests/python"""

import datetime
import os
import pathlib
import shutil
import tempfile
import unittest

import mlspec_lint

ROOT = pathlib.Path(__file__).resolve().parents[2]
OPTIONS = ["--ignore=ALL", "--fix", "--help", "--version", "--show-settings", "--output=x.json", "--exclude=**", "--write-baseline=b.json", "-q", "-ox", "--", "-"]


class Paths(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.text = (ROOT / "examples/broken/runs/fit.yml").read_text()
        (self.folder / "fit.yml").write_text(self.text)

    def test_a_path_is_never_an_option(self):
        for option in OPTIONS:
            with self.assertRaises(mlspec_lint.MlspecLintError, msg=option) as raised:
                mlspec_lint.check("fit.yml", option, cwd=self.folder)
            self.assertIn(f"{option}: no such file or folder", str(raised.exception))
            with self.assertRaises(mlspec_lint.MlspecLintError, msg=option):
                mlspec_lint.gate(option, cwd=self.folder)
            with self.assertRaises(mlspec_lint.MlspecLintError, msg=option):
                mlspec_lint.gate("fit.yml", evaluation=option, cwd=self.folder)
        self.assertEqual([own.name for own in self.folder.iterdir()], ["fit.yml"])
        self.assertEqual((self.folder / "fit.yml").read_text(), self.text)

    def test_files_that_are_called_like_options_are_checked(self):
        names = ["--exclude=*.yml", "--fix.yml", "-oX.yml", "--ignore=ALL.yml"]
        for name in names:
            shutil.copy(self.folder / "fit.yml", self.folder / name)
        report = mlspec_lint.check(*names, cwd=self.folder)
        self.assertEqual((report.summary.files, {own.path for own in report.at_least("error")}), (len(names), set(names)))

    def test_a_name_is_never_an_option(self):
        for option in ("--help", f"--out={self.folder / 'schemas'}", "-h"):
            for ask in (mlspec_lint.explain, mlspec_lint.schema):
                with self.assertRaises(mlspec_lint.MlspecLintError) as raised:
                    ask(option)
                self.assertIn(option, str(raised.exception))
        self.assertFalse((self.folder / "schemas").exists())
        (found,) = mlspec_lint.check_text("a: 1\n", name="--help").findings
        self.assertEqual(found.path, "--help")
        with self.assertRaises(mlspec_lint.MlspecLintError):
            mlspec_lint.check("fit.yml", select=["--exit-zero"], cwd=self.folder)

    def test_what_is_no_path_is_named(self):
        for wrong in (None, b"fit.yml", ["fit.yml"], 1):
            for ask in (
                lambda: mlspec_lint.check(wrong),
                lambda: mlspec_lint.gate(wrong),
                lambda: mlspec_lint.gate("x", evaluation=[wrong]),
                lambda: mlspec_lint.check_text(wrong),
                lambda: mlspec_lint.explain(wrong),
                lambda: mlspec_lint.check("fit.yml", select=[wrong], cwd=self.folder),
            ):
                with self.assertRaisesRegex(TypeError, type(wrong).__name__):
                    ask()
        with self.assertRaisesRegex(TypeError, "as_of is a text, and not date"):
            mlspec_lint.gate("x", as_of=datetime.date(2026, 1, 1))
        for ask in (
            lambda: mlspec_lint.check(""),
            lambda: mlspec_lint.check("a\0b"),
            lambda: mlspec_lint.check("x", config=""),
            lambda: mlspec_lint.gate("x", test=""),
        ):
            with self.assertRaisesRegex(ValueError, "empty|NUL"):
                ask()

    def test_what_is_no_severity_is_named(self):
        report = mlspec_lint.check(self.folder / "fit.yml")
        for ask in (report.raise_for_findings, report.at_least):
            with self.assertRaisesRegex(ValueError, "'warn'.*'warning'"):
                ask("warn")

    def test_what_cannot_be_handed_over_is_an_error_of_the_module(self):
        with self.assertRaisesRegex(mlspec_lint.MlspecLintError, "surrogate"):
            mlspec_lint.check_text("kind: \ud800\n")
        with self.assertRaisesRegex(mlspec_lint.MlspecLintError, "cannot be handed"):
            mlspec_lint.check("\ud800.yml")
        with self.assertRaisesRegex(mlspec_lint.MlspecLintError, "no folder"):
            mlspec_lint.check("x", cwd=self.folder / "absent")
        with self.assertRaisesRegex(mlspec_lint.MlspecLintError, "no folder"):
            mlspec_lint.check("x", cwd=self.folder / "fit.yml")
        for nothing in ("", "# no document\n", '{"$schema": "https://json-schema.org/draft/2020-12/schema", "type": "object"}'):
            with self.assertRaisesRegex(mlspec_lint.MlspecLintError, "nothing to check"):
                mlspec_lint.check_text(nothing)
        if os.name == "posix":
            with self.assertRaisesRegex(mlspec_lint.MlspecLintError, "name folders"):
                mlspec_lint.check(*["x" * 1000] * 20_000)

    def test_what_was_not_read_is_counted(self):
        (self.folder / "latin.yml").write_bytes("a: é\n".encode("latin-1"))
        (self.folder / "broken.yml").write_text("a: [\n")
        (self.folder / "both.yml").write_text(f"{self.text}---\na: 1\n")
        (self.folder / ".hidden").mkdir()
        (self.folder / ".hidden/run.yml").write_text(self.text)
        summary = mlspec_lint.check(cwd=self.folder).summary
        self.assertEqual((summary.not_yaml, summary.not_utf8, summary.left_alone), (1, 1, 1))
        self.assertEqual((summary.passed_over, summary.formats, summary.tables, summary.rows), ({"hidden": 1}, {}, 0, 0))
        hash(mlspec_lint.check(cwd=self.folder))


@unittest.skipIf(os.name == "nt", "the names of folders are those of POSIX")
class Settings(unittest.TestCase):
    def test_the_severity_at_which_the_settings_fail_changes_no_answer(self):
        with tempfile.TemporaryDirectory() as folder:
            pathlib.Path(folder, "mlspec-lint.toml").write_text('fail-on = "info"\n[rules]\n"run/metric-value-mismatch" = "warning"\n')
            pathlib.Path(folder, "fit.yml").write_text((ROOT / "examples/broken/runs/fit.yml").read_text())
            report = mlspec_lint.check(cwd=folder)
            self.assertEqual((report.summary.errors, report.at_least("error")), (0, ()))
            self.assertTrue(report.at_least("warning"))


if __name__ == "__main__":
    unittest.main()
