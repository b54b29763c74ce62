"""Finding the program, and running it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Sequence
from pathlib import Path


class MlspecLintError(Exception):
    """The program is not there, was called wrongly, or could not read or write a file. The text says what to do."""


def find_program() -> str:
    """Returns the path of the program that is installed with this module.

    Raises:
        MlspecLintError: It is not installed.
    """
    name = "mlspec-lint" + (sysconfig.get_config_var("EXE") or "")
    folders = [sysconfig.get_path("scripts")]
    if os.name in ("nt", "posix"):
        folders.append(sysconfig.get_path("scripts", scheme=f"{os.name}_user"))
    # `pip install --target DIR` puts programs beside the modules.
    folders.append(str(Path(__file__).resolve().parent.parent / "bin"))
    for folder in folders:
        program = Path(folder) / name
        if program.is_file():
            return str(program)
    beside = shutil.which(name, path=str(Path(sys.executable).parent))
    if beside is not None:
        return beside
    raise MlspecLintError(f"{name} is not in {', '.join(folders)}; install it with `pip install mlspec-lint`")


def run(arguments: Sequence[str], *, text: str | None = None, cwd: str | os.PathLike[str] | None = None, expected: Sequence[int]) -> str:
    """Runs the program, and returns its standard output.

    Raises:
        MlspecLintError: The exit code is not an expected one.
    """
    result = subprocess.run(
        [find_program(), *arguments],
        input=None if text is None else text.encode(),
        stdin=subprocess.DEVNULL if text is None else None,
        capture_output=True,
        cwd=cwd,
        # Reports for programs do not depend on where they are made.
        env={**os.environ, "GITHUB_ACTIONS": "", "NO_COLOR": "1"},
        check=False,
    )
    if result.returncode not in expected:
        said = result.stderr.decode(errors="replace").strip().removeprefix("error: ")
        raise MlspecLintError(said or f"mlspec-lint ended with exit code {result.returncode}")
    return result.stdout.decode()


def version() -> str:
    """Returns the version of the program, such as `0.1.0`."""
    return run(["--version"], expected=[0]).split()[1]
