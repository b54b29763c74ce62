"""Finding the program, and running it."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Iterable, Iterator, Sequence
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


def run(
    arguments: Sequence[str],
    *,
    text: str | Iterable[bytes] | None = None,
    cwd: str | os.PathLike[str] | None = None,
    expected: Sequence[int],
) -> str:
    """Runs the program with a text as its standard input, and returns its standard output. A text in parts is handed over as they come.

    Raises:
        MlspecLintError: The exit code is not an expected one. What the parts of a text raise is raised, too.
    """
    parts = iter([text.encode()] if isinstance(text, str) else text or ())
    with tempfile.TemporaryFile() as printed, tempfile.TemporaryFile() as said:
        process = subprocess.Popen(
            [find_program(), *arguments],
            stdin=subprocess.DEVNULL if text is None else subprocess.PIPE,
            # Files, and no pipes: these would be full while the program waits for more of the text.
            stdout=printed,
            stderr=said,
            cwd=cwd,
            # Reports for programs do not depend on where they are made.
            env={**os.environ, "GITHUB_ACTIONS": "", "NO_COLOR": "1", "MLSPEC_LINT_COMPLETE": ""},
        )
        try:
            _feed(process, parts)
        except BaseException:
            process.kill()
            raise
        finally:
            code = process.wait()
        printed.seek(0)
        said.seek(0)
        if code not in expected:
            message = said.read().decode(errors="replace").strip().removeprefix("error: ")
            raise MlspecLintError(message or f"mlspec-lint ended with exit code {code}")
        return printed.read().decode()


def _feed(process: subprocess.Popen[bytes], parts: Iterator[bytes]) -> None:
    if process.stdin is None:
        return
    # A program that has seen enough, such as one that was called wrongly, reads no more; its exit code says why.
    with contextlib.suppress(BrokenPipeError), process.stdin as stdin:
        for part in parts:
            stdin.write(part)


def version() -> str:
    """Returns the version of the program, such as `0.1.0`."""
    return run(["--version"], expected=[0]).split()[1]
