"""The action for GitHub, run as a runner runs it. Run by `.ci/run`: python -m unittest discover tests/python"""

import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

import mlspec_lint

ROOT = pathlib.Path(__file__).resolve().parents[2]
#: What would tell that it was executed.
EXECUTED = 'import pathlib; pathlib.Path(r"{0}").touch()\n'


@unittest.skipIf(shutil.which("bash") is None, "there is no bash")
class Action(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.checkout, self.temporary = self.folder / "checkout", self.folder / "temporary"
        for own in (self.checkout, self.temporary, self.folder / "bin"):
            own.mkdir()
        shutil.copy(ROOT / "examples/broken/runs/fit.yml", self.checkout)
        (self.folder / "bin/mlspec-lint").symlink_to(mlspec_lint.find_program())

    def act(self, **inputs):
        """Runs the action, and returns its exit code, what it printed, its outputs, and the summary of the job."""
        outputs, summary = self.folder / "outputs", self.folder / "summary"
        outputs.write_text("")
        summary.write_text("")
        own = {
            **os.environ,
            "PATH": f"{self.folder / 'bin'}{os.pathsep}{os.environ['PATH']}",
            "RUNNER_TEMP": str(self.temporary),
            "GITHUB_OUTPUT": str(outputs),
            "GITHUB_STEP_SUMMARY": str(summary),
            "PIP_NO_INDEX": "1",
            **{(name if name.isupper() else f"INPUT_{name.upper()}"): value for name, value in inputs.items()},
        }
        command = ["bash", str(ROOT / ".github/check.sh")]
        done = subprocess.run(command, cwd=self.checkout, env=own, capture_output=True, text=True, check=False)
        return done.returncode, done.stdout + done.stderr, dict(line.split("=", 1) for line in outputs.read_text().splitlines()), summary.read_text()

    def refused(self, names, **inputs):
        code, printed, outputs, summary = self.act(paths="fit.yml", **inputs)
        self.assertEqual((code, outputs, summary), (2, {"exit-code": "2", "sarif-file": ""}, ""), printed)
        self.assertIn(names, printed)

    def test_nothing_of_the_checkout_is_executed(self):
        executed = self.folder / "executed"
        for name in ("venv.py", "logging.py", "pip.py", "ensurepip.py", "sitecustomize.py"):
            (self.checkout / name).write_text(EXECUTED.format(executed))
        for name in ("pip.conf", "setup.cfg", "pyproject.toml"):
            (self.checkout / name).write_text("[broken\n")
        for path in (".", str(self.checkout)):
            code, printed, outputs, _ = self.act(version="0.1.0", checksum="a" * 64, PYTHONPATH=path)
            self.assertEqual((code, outputs["exit-code"]), (2, "2"), printed)
            # pip was there, and was not given an index.
            self.assertIn("No matching distribution", printed)
            self.assertFalse(executed.exists(), printed)

    def test_a_second_use_reports_nothing_of_the_first(self):
        code, printed, outputs, summary = self.act(paths="fit.yml", sarif="out.sarif")
        self.assertEqual((code, outputs), (1, {"exit-code": "1", "sarif-file": "out.sarif"}), printed)
        self.assertIn("run/metric-value-mismatch", summary)
        self.refused("--nonsense", args="--nonsense", sarif="out.sarif")
        code, printed, outputs, summary = self.act(paths="absent", sarif="out.sarif")
        self.assertEqual((code, outputs["sarif-file"], summary), (2, "", ""), printed)
        # A file that is checked is no report, and stays what it is.
        self.refused("is an input", sarif="fit.yml")
        code, printed, outputs, _ = self.act(paths="fit.yml", sarif="no/such/folder.sarif")
        self.assertEqual((code, outputs), (3, {"exit-code": "3", "sarif-file": ""}), printed)

    def test_what_would_judge_nothing_is_refused(self):
        for argument in ("--help", "-h", "--version", "-V", "-qh", "--show-settings", "--write-baseline=b.json"):
            self.refused(argument.split("=")[0], args=argument, sarif="out.sarif")
        self.assertFalse((self.checkout / "out.sarif").exists())

    def test_what_judges_nothing_does_not_pass_whatever_it_is(self):
        (self.folder / "bin/mlspec-lint").unlink()
        (self.folder / "bin/mlspec-lint").write_text("#!/bin/sh\nexit 0\n")
        (self.folder / "bin/mlspec-lint").chmod(0o755)
        self.refused("nothing was checked")

    def test_inputs_that_cannot_be_meant_are_refused(self):
        self.refused("one per line", args="--select security")
        self.refused("one per line", args="-o a.json")
        self.refused("give 'version'", checksum="a" * 64)
        self.refused("64 hexadecimal digits", version="0.1.0", checksum="abc")
        self.refused("version must be exact", version="0.1.0\n--index-url=http://localhost")
        self.refused("without line breaks", sarif="a\nexit-code=0")
        code, printed, outputs, _ = self.act(paths="fit.yml", args="--select\nsecurity\n--exclude=a b/**", sarif="-x.sarif")
        self.assertEqual((code, outputs), (0, {"exit-code": "0", "sarif-file": "-x.sarif"}), printed)


if __name__ == "__main__":
    unittest.main()
