"""Which program the module runs. Run by `.ci/run`: python -m unittest discover tests/python"""

import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
from unittest import mock

import mlspec_lint
from programs import needs_shell, program, write_program

ROOT = pathlib.Path(__file__).resolve().parents[2]
ASK = "import mlspec_lint; print(mlspec_lint.find_program()); print(mlspec_lint.version())"


def asked(site, **environment):
    """Runs Python with the module of a folder, and returns where it finds the program, and of which version it is."""
    own = {name: value for name, value in os.environ.items() if name != "MLSPEC_LINT_PROGRAM"}
    own |= {"PYTHONPATH": str(site), **environment}
    return subprocess.run([sys.executable, "-c", ASK], env=own, capture_output=True, text=True, check=False)


class Version(unittest.TestCase):
    def test_the_module_is_of_the_version_of_the_program(self):
        package = (ROOT / "Cargo.toml").read_text()
        self.assertEqual(re.search(r'(?m)^version = "(.+)"$', package)[1], mlspec_lint.__version__)
        self.assertEqual(mlspec_lint.version(), mlspec_lint.__version__)


@needs_shell
class Program(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name).resolve()

    def installed(self, site):
        shutil.copytree(pathlib.Path(mlspec_lint.__file__).parent, self.folder / site / "mlspec_lint")
        return self.folder / site

    def test_the_program_beside_the_module_is_taken_before_another_of_the_user(self):
        write_program(self.folder / "user/bin/mlspec-lint", version="0.0.1")
        for site, own in (("target", "target/bin"), ("prefix/lib/python3/site-packages", "prefix/bin")):
            place = self.installed(site)
            write_program(self.folder / own / "mlspec-lint")
            found = asked(place, PYTHONUSERBASE=str(self.folder / "user"))
            self.assertEqual(found.stdout.split(), [str(self.folder / own / "mlspec-lint"), mlspec_lint.__version__], found.stderr)

    def test_a_program_of_another_version_is_refused_and_both_are_named(self):
        site = self.installed("target")
        path = write_program(self.folder / "target/bin/mlspec-lint", version="0.0.1")
        for command in (["-c", ASK], ["-m", "mlspec_lint", "check"]):
            own = {**os.environ, "PYTHONPATH": str(site), "MLSPEC_LINT_PROGRAM": ""}
            found = subprocess.run([sys.executable, *command], env=own, capture_output=True, text=True, check=False)
            self.assertNotEqual(found.returncode, 0)
            self.assertIn(f"{path} is mlspec-lint 0.0.1", found.stderr)
            self.assertIn(f"is of version {mlspec_lint.__version__}", found.stderr)
        # Exit code 1 would mean that something was found.
        self.assertEqual(found.returncode, 2)

    def test_the_version_is_asked_once_until_the_program_is_another_one(self):
        with program(version="0.0.1") as path:
            with self.assertRaisesRegex(mlspec_lint.MlspecLintError, "0.0.1"):
                mlspec_lint.version()
            count = path.with_name("count")
            path.write_text(f'#!/bin/sh\necho x >>"{count}"\necho "mlspec-lint {mlspec_lint.__version__}"\n')
            for _ in range(3):
                mlspec_lint.version()
            self.assertEqual(count.read_text(), "x\n")

    def test_the_variable_names_the_program(self):
        with program() as path:
            self.assertEqual(mlspec_lint.find_program(), str(path))
        for named in (str(self.folder), str(self.folder / "absent")):
            with mock.patch.dict(os.environ, {"MLSPEC_LINT_PROGRAM": named}):
                with self.assertRaisesRegex(mlspec_lint.MlspecLintError, "MLSPEC_LINT_PROGRAM"):
                    mlspec_lint.check("x")

    def test_what_cannot_be_started_or_is_another_program_is_an_error_of_the_module(self):
        with program() as path:
            path.chmod(0o644)
            with self.assertRaisesRegex(mlspec_lint.MlspecLintError, "cannot be started"):
                mlspec_lint.check("x")
            path.write_text("#!/bin/sh\necho hello\n")
            path.chmod(0o755)
            with self.assertRaisesRegex(mlspec_lint.MlspecLintError, "is not mlspec-lint"):
                mlspec_lint.version()


if __name__ == "__main__":
    unittest.main()
