"""What the module does with an answer that cannot be believed. Run by `.ci/run`: python -m unittest discover tests/python"""

import copy
import json
import pathlib
import subprocess
import unittest

import mlspec_lint
from programs import needs_shell, program

ROOT = pathlib.Path(__file__).resolve().parents[2]
RUN = "examples/broken/runs/fit.yml"


def printed(*arguments):
    """Returns what the real program prints."""
    return json.loads(subprocess.run([mlspec_lint.find_program(), *arguments], cwd=ROOT, capture_output=True, check=False).stdout)


@needs_shell
class Answers(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.report = printed("check", "--format=json", RUN)
        folder = "examples/gate/candidates/fails-one-language"
        evidence = [f"--evaluation={folder}/evaluation.yml", f"--test={folder}/test.yml"]
        cls.verdict = printed("gate", "--format=json", *evidence, "examples/gate/objectives.yml")

    def refused(self, ask, *, names, **about):
        with program(**about), self.assertRaises(mlspec_lint.MlspecLintError) as raised:
            ask()
        self.assertIn(names, str(raised.exception))

    def changed(self, document, change):
        own = copy.deepcopy(document)
        change(own)
        return own

    def test_what_is_no_answer_is_an_error_of_the_module(self):
        asks = [
            lambda: mlspec_lint.check("x"),
            lambda: mlspec_lint.check_text("kind: run\n"),
            lambda: mlspec_lint.gate("x"),
            lambda: mlspec_lint.schema(),
        ]
        for ask in asks:
            self.refused(ask, prints=b"", names="it printed nothing")
            self.refused(ask, prints=b'{"trunc', names="not JSON")
            self.refused(ask, prints=b"[]", names="no mapping")
            self.refused(ask, prints=b"[" * 200_000, names="not JSON")
            self.refused(ask, prints=b"\xff{}", names="not UTF-8")
            self.refused(ask, instead="kill -9 $$", names="SIGKILL")
            self.refused(ask, code=2, says="error: unexpected argument", names="unexpected argument")
        for ask in asks[:3]:
            self.refused(ask, prints=b"{}", names="'version'")
        self.refused(lambda: mlspec_lint.explain("x"), names="the page is empty")

    def test_a_report_of_another_version_is_refused_and_new_fields_are_not(self):
        with program(prints=self.report, code=1):
            expected = mlspec_lint.check("x")
        later = copy.deepcopy(self.report)
        for part in (later, later["summary"], *later["findings"], *(own["span"]["start"] for own in later["findings"])):
            part["new"] = 3
        with program(prints=later, code=1):
            self.assertEqual(mlspec_lint.check("x"), expected)
        for document, code, ask in ((self.report, 1, mlspec_lint.check), (self.verdict, 1, mlspec_lint.gate)):
            other = self.changed(document, lambda own: own.update(version=2))
            self.refused(lambda: ask("x"), prints=other, code=code, names="version 2")
        for name in ("part", "span", "severity"):
            without = self.changed(self.report, lambda own: own["findings"][0].pop(name))
            self.refused(lambda: mlspec_lint.check("x"), prints=without, code=1, names=name)

    def test_a_report_that_contradicts_itself_or_the_exit_code_is_refused(self):
        def ask():
            mlspec_lint.check("x")

        self.refused(ask, prints=self.report, code=0, names="exit code 0")
        without = self.changed(self.report, lambda own: own["findings"].clear())
        for code in (0, 1):
            self.refused(ask, prints=without, code=code, names="of severity")
        more = self.changed(self.report, lambda own: own["summary"].update(warnings=7))
        self.refused(ask, prints=more, code=1, names="7 findings of severity warning")
        other = self.changed(self.report, lambda own: own["findings"][0].update(severity="fatal"))
        self.refused(ask, prints=other, code=1, names="'fatal' is no severity")
        clean = self.changed(without, lambda own: own["summary"].update(errors=0, warnings=0, infos=0))
        self.refused(ask, prints=clean, code=1, names="exit code 1")
        with program(prints=clean, code=0):
            mlspec_lint.check("x").raise_for_findings("info")
        self.refused(ask, prints=clean, says="error: x: no such file or folder", names="x: no such file or folder")

    def test_a_verdict_that_contradicts_itself_or_the_exit_code_is_refused(self):
        def ask():
            mlspec_lint.gate("x")

        self.refused(ask, prints=self.verdict, code=0, names="exit code 0")
        passing = self.changed(self.verdict, lambda own: own.update(verdict="pass"))
        self.refused(ask, prints=passing, code=0, names="the verdict is 'pass', and that of objective")
        for own in passing["objectives"]:
            own["verdict"] = "pass"
        self.refused(ask, prints=passing, code=0, names="counts")
        passing["counts"] = {"pass": len(passing["objectives"]), "fail": 0}
        for code in (1, 3):
            self.refused(ask, prints=passing, code=code, names=f"exit code {code}")
        with program(prints=passing, code=0):
            self.assertTrue(mlspec_lint.gate("x").is_let_through)
        nothing = self.changed(passing, lambda own: own.update(objectives=[], counts={"pass": 0}))
        self.refused(ask, prints=nothing, code=0, names="0 objectives")
        other = self.changed(self.verdict, lambda own: own.update(verdict="passed"))
        self.refused(ask, prints=other, code=0, names="'passed' is no verdict")


if __name__ == "__main__":
    unittest.main()
