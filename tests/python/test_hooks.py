"""The hooks of pre-commit, run as pre-commit runs them, and the component of GitLab. Run by `.ci/run`:
python -m unittest discover tests/python"""

import json
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import tempfile
import unittest

import mlspec_lint

ROOT = pathlib.Path(__file__).resolve().parents[2]


def hooks():
    """Returns the command of each hook, and its arguments, which those of a user take the place of."""
    text = (ROOT / ".pre-commit-hooks.yaml").read_text()
    found = {}
    for block in re.split(r"(?m)^- id: ", text)[1:]:
        entry = shlex.split(re.search(r"(?m)^  entry: (.+)$", block)[1])
        found[block.splitlines()[0]] = (entry, json.loads(re.search(r"(?m)^  args: (.+)$", block)[1]))
    return found


class Hooks(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def run_hook(self, entry, arguments, names):
        self.assertEqual(entry[0], "mlspec-lint")
        command = [mlspec_lint.find_program(), *entry[1:], *arguments, *names]
        own = {**os.environ, "GITHUB_ACTIONS": ""}
        return subprocess.run(command, cwd=self.folder, env=own, capture_output=True, text=True, check=False)

    def test_the_name_of_a_file_is_no_option(self):
        names = ["--exclude=*.yml", "--write-baseline=b.json", "-oX.yml", "--ignore=ALL.yml", "--help.yml", "--config=e.yml"]
        self.assertEqual(set(hooks()), {"mlspec-lint", "mlspec-lint-fix"})
        for entry, arguments in hooks().values():
            for name in names:
                for own in [*self.folder.iterdir()]:
                    own.unlink()
                for path in ("fit.yml", name):
                    shutil.copy(ROOT / "examples/broken/runs/fit.yml", self.folder / path)
                # An error that is not fixed.
                with (self.folder / "fit.yml").open("a") as file:
                    file.write("status: Nonsense\n")
                done = self.run_hook(entry, arguments, [name, "fit.yml"])
                self.assertEqual(done.returncode, 1, f"{name}: {done.stdout}{done.stderr}")
                self.assertIn("2 files", done.stdout + done.stderr)
                self.assertEqual({own.name for own in self.folder.iterdir()}, {name, "fit.yml"})

    def test_arguments_of_a_user_that_end_as_documented_are_options(self):
        shutil.copy(ROOT / "examples/broken/runs/fit.yml", self.folder)
        entry, _ = hooks()["mlspec-lint"]
        page = (ROOT / "README.md").read_text()
        documented = re.search(r"`args: \[(.+)\]`", page)[1].split(", ")
        self.assertEqual((documented[0], documented[-1]), ("--select", "--"))
        self.assertEqual(self.run_hook(entry, documented, ["fit.yml"]).returncode, 0)
        self.assertEqual(self.run_hook(entry, ["--select", "run", "--"], ["fit.yml"]).returncode, 1)
        local = re.search(r"entry: (mlspec-lint check .+)\n        language: system", page)[1]
        self.assertEqual(self.run_hook(shlex.split(local), [], ["--x.yml", "fit.yml"]).returncode, 1)

    def test_files_that_are_not_mlspec_pass(self):
        (self.folder / "ci.yml").write_text("on: push\n")
        for entry, arguments in hooks().values():
            self.assertEqual(self.run_hook(entry, arguments, ["ci.yml"]).returncode, 0)


@unittest.skipIf(shutil.which("bash") is None, "there is no bash")
class Component(unittest.TestCase):
    """What the component of GitLab runs, with a `python3` that only says how it was called."""

    def script(self):
        lines = (ROOT / "templates/check.yml").read_text().split("  script:\n")[1].split("  artifacts:\n")[0].splitlines()
        text = "\n".join(line.strip().removeprefix("- ") for line in lines if line.strip() != "- |")
        return "set -e\n" + text

    def test_the_image_and_the_wheel_are_pinned(self):
        text = (ROOT / "templates/check.yml").read_text()
        self.assertRegex(text, r"(?m)default: python:[0-9.]+-slim-\w+@sha256:[0-9a-f]{64}$")
        for checksum, expected in (
            ("", "mlspec-lint==0.1.0\n"),
            ("a" * 64 + " " + "b" * 64, f"mlspec-lint==0.1.0 --hash=sha256:{'a' * 64} --hash=sha256:{'b' * 64}\n"),
        ):
            with tempfile.TemporaryDirectory() as folder:
                own = pathlib.Path(folder)
                for name, text in (
                    ("python3", "mkdir -p env/bin; cp $(dirname $0)/pip env/bin/python; cp $(dirname $0)/lint env/bin/mlspec-lint"),
                    ("pip", f'echo "$@" >{own}/called; cp requirements.txt {own}'),
                    ("lint", f'for own in "$@"; do echo "$own"; done >{own}/checked'),
                ):
                    (own / name).write_text(f"#!/bin/sh\n{text}\n")
                    (own / name).chmod(0o755)
                variables = {"MLSPEC_LINT_VERSION": "0.1.0", "MLSPEC_LINT_CHECKSUM": checksum, "MLSPEC_LINT_PATHS": "runs * --fix"}
                path = f"{own}{os.pathsep}{os.environ['PATH']}"
                script = ["bash", "-c", self.script()]
                done = subprocess.run(script, cwd=own, env={**os.environ, **variables, "PATH": path}, capture_output=True, text=True, check=False)
                self.assertEqual(done.returncode, 0, done.stderr)
                self.assertEqual((own / "requirements.txt").read_text(), expected)
                self.assertEqual("--require-hashes" in (own / "called").read_text(), bool(checksum))
                self.assertEqual((own / "checked").read_text().split()[-4:], ["--", "runs", "*", "--fix"])


if __name__ == "__main__":
    unittest.main()
