"""Finding the program, and running it."""

from __future__ import annotations

import contextlib
import errno
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from ._version import __version__

#: The variable of the environment that names another program than the one that is installed with this module.
PROGRAM_VARIABLE = "MLSPEC_LINT_PROGRAM"


class MlspecLintError(Exception):
    """There is no answer: the program is not there or is of another version, was called wrongly, could not read or write a file, or did not
    say what can be believed. The text says what to do."""


@dataclass(frozen=True)
class Answer:
    """What the program printed, and its exit code."""

    text: str
    code: int

    def json(self) -> Mapping[str, Any]:
        """Returns the text as the mapping that it is.

        Raises:
            MlspecLintError: It is none, as when the program was ended while it wrote.
        """
        try:
            value = json.loads(self.text)
        except (ValueError, RecursionError) as error:
            raise unreadable(f"its output is not JSON: {error}" if self.text else "it printed nothing") from error
        if not isinstance(value, dict):
            raise unreadable("its output is no mapping")
        return value

    def require_code(self, code: int, because: str) -> None:
        """Raises MlspecLintError if the program ended with another exit code than the one that its output means."""
        if self.code != code:
            raise unreadable(f"it ended with exit code {self.code}, and {because} means {code}")


def unreadable(why: str) -> MlspecLintError:
    """Returns the error of an answer that cannot be believed."""
    return MlspecLintError(f"mlspec-lint gave no answer that can be used: {why}. Try again; if it stays, install mlspec-lint anew and report this")


def find_program() -> str:
    """Returns the path of the program: the one that `MLSPEC_LINT_PROGRAM` names, else the one that is installed with this module.

    Raises:
        MlspecLintError: It is not installed.
    """
    if named := os.environ.get(PROGRAM_VARIABLE):
        if not os.path.isfile(named):
            raise MlspecLintError(f"{PROGRAM_VARIABLE} is {named!r}, which is no file: unset it, or name the program mlspec-lint")
        return os.path.abspath(named)
    name = "mlspec-lint" + (sysconfig.get_config_var("EXE") or "")
    folders = _folders(Path(__file__).resolve().parent.parent)
    for folder in folders:
        program = folder / name
        if program.is_file():
            return str(program)
    beside = shutil.which(name, path=str(Path(sys.executable).parent))
    if beside is not None:
        return beside
    raise MlspecLintError(
        f"{name} is not in {', '.join(map(str, folders))}: install it with `pip install mlspec-lint`, or name it in {PROGRAM_VARIABLE}"
    )


def _folders(site: Path) -> list[Path]:
    """Returns where the program may be, the most likely first: where an installer puts the programs of the modules in this folder, and then
    those of other modules of this Python."""
    schemes = [sysconfig.get_default_scheme()]
    if os.name in ("nt", "posix"):
        schemes.append(f"{os.name}_user")
    of_schemes = [sysconfig.get_paths(scheme) for scheme in schemes]
    own = [paths for paths in of_schemes if site in (Path(paths["purelib"]).resolve(), Path(paths["platlib"]).resolve())]
    # `pip install --target DIR` puts programs beside the modules, `--prefix DIR` into a tree like that of Python.
    folders = [site / "bin"] if not own else []
    if site.name in ("site-packages", "dist-packages") and not own:
        folders += [site.parents[2] / "bin"] if os.name != "nt" else [site.parents[1] / "Scripts"]
    folders += [Path(paths["scripts"]) for paths in own + of_schemes]
    return list(dict.fromkeys(folders))


def checked_program() -> str:
    """Returns the path of the program, which is of the version of this module.

    Raises:
        MlspecLintError: It is not installed, cannot be started, or is of another version: its answers may mean something else.
    """
    program = find_program()
    try:
        about = os.stat(program)
    except OSError as error:
        raise _not_started(program, error) from error
    # A program that was installed anew in the meantime is another one.
    found = _version_of(program, (about.st_ino, about.st_mtime_ns, about.st_size))
    if found != __version__:
        raise MlspecLintError(
            f"{program} is mlspec-lint {found}, and the module in {Path(__file__).resolve().parent} is of version {__version__}: install both "
            f"with `pip install --force-reinstall mlspec-lint=={__version__}`, or name the program of this version in {PROGRAM_VARIABLE}"
        )
    return program


@lru_cache(maxsize=16)
def _version_of(program: str, identity: tuple[int, ...]) -> str:
    """Returns the version of a program. It is asked once, as long as the file stays what it is."""
    answer = _run(program, ["--version"], parts=None, cwd=None, expected=[0])
    said = re.fullmatch(r"mlspec-lint (\S+)\s*", answer.text)
    if said is None:
        raise MlspecLintError(f"{program} is not mlspec-lint: asked for its version, it says {answer.text[:80].strip()!r}")
    return said[1]


def run(
    arguments: Sequence[str],
    *,
    operands: Sequence[str] = (),
    text: str | Iterable[bytes] | None = None,
    cwd: str | os.PathLike[str] | None = None,
    expected: Sequence[int],
) -> Answer:
    """Runs the program with a text as its standard input, and returns its answer. A text in parts is handed over as they come.

    Args:
        arguments: The command and its options. Where an option has a value, both are one argument, so that no value is another option.
        operands: Paths and names, which are never options, whatever they begin with.
        expected: The exit codes with which there is an answer.

    Raises:
        MlspecLintError: The program cannot be started, the exit code is not an expected one, or it says that something went wrong. What the parts of a text raise is raised, too.
        ValueError: An argument has a NUL character.
    """
    whole = [*arguments, *(["--", *operands] if operands else [])]
    for argument in whole:
        if "\0" in argument:
            raise ValueError(f"no path, name or rule has a NUL character, as {argument!r} has")
    if cwd is not None and not os.path.isdir(cwd):
        raise MlspecLintError(f"cwd is {os.fspath(cwd)!r}, which is no folder")
    parts = None if text is None else iter([utf8(text, "the text")] if isinstance(text, str) else text)
    return _run(checked_program(), whole, parts=parts, cwd=cwd, expected=expected)


def utf8(text: str, what: str) -> bytes:
    """Returns a text as UTF-8.

    Raises:
        MlspecLintError: It has a surrogate, which is half of a character, as where bytes were decoded with `surrogateescape`.
    """
    try:
        return text.encode()
    except UnicodeEncodeError as error:
        raise MlspecLintError(
            f"{what} has half a character (a surrogate) at {error.start}, and cannot be UTF-8: decode the bytes with the encoding that they have"
        ) from error


def path_of(value: object, what: str) -> str:
    """Returns a path as a text.

    Raises:
        TypeError: It is none.
        ValueError: It is empty.
    """
    path = os.fspath(value) if isinstance(value, os.PathLike) else value
    if not isinstance(path, str):
        hint = ": use `os.fsdecode`" if isinstance(path, bytes) else ""
        raise TypeError(f"{what} is a text or an os.PathLike, and not {type(value).__name__}{hint}")
    if not path:
        raise ValueError(f"{what} is empty: name a file or a folder")
    # To the program, a dash is standard input.
    return "./-" if path == "-" else path


def text_of(value: object, what: str) -> str:
    """Returns a text.

    Raises:
        TypeError: It is none.
    """
    if not isinstance(value, str):
        raise TypeError(f"{what} is a text, and not {type(value).__name__}")
    return value


def _run(
    program: str,
    arguments: Sequence[str],
    *,
    parts: Iterator[bytes] | None,
    cwd: str | os.PathLike[str] | None,
    expected: Sequence[int],
) -> Answer:
    with tempfile.TemporaryFile() as printed, tempfile.TemporaryFile() as said:
        try:
            process = subprocess.Popen(
                [program, *arguments],
                stdin=subprocess.DEVNULL if parts is None else subprocess.PIPE,
                # Files, and no pipes: these would be full while the program waits for more of the text.
                stdout=printed,
                stderr=said,
                cwd=cwd,
                # Reports for programs do not depend on where they are made.
                env={**os.environ, "GITHUB_ACTIONS": "", "NO_COLOR": "1", "MLSPEC_LINT_COMPLETE": ""},
            )
        except UnicodeEncodeError as error:
            raise MlspecLintError(f"a path or a name cannot be handed to a program: {error}") from error
        except OSError as error:
            raise _not_started(program, error) from error
        try:
            _feed(process, parts or iter(()))
        except BaseException:
            process.kill()
            raise
        finally:
            code = process.wait()
        printed.seek(0)
        said.seek(0)
        message = said.read().decode(errors="replace").strip()
        if code not in expected:
            raise MlspecLintError(message.removeprefix("error: ") or f"mlspec-lint {_ended(code)}")
        # Findings decide the exit code also where another path does not exist, or cannot be read: the answer is not about all that was asked.
        if errors := [line.removeprefix("error: ") for line in message.splitlines() if line.startswith("error: ")]:
            raise MlspecLintError("\n".join(errors))
        try:
            return Answer(printed.read().decode(), code)
        except UnicodeDecodeError as error:
            raise unreadable(f"its output is not UTF-8: {error}") from error


def _not_started(program: str, error: OSError) -> MlspecLintError:
    if error.errno == errno.E2BIG:
        return MlspecLintError("the paths and names are more than the system hands to a program: name folders, or check in several calls")
    return MlspecLintError(f"{program} cannot be started: {error.strerror or error}; install it anew with `pip install mlspec-lint`")


def _ended(code: int) -> str:
    if code >= 0:
        return f"ended with exit code {code}"
    with contextlib.suppress(ValueError):
        return f"was ended by {signal.Signals(-code).name}"
    return f"was ended by signal {-code}"


def _feed(process: subprocess.Popen[bytes], parts: Iterator[bytes]) -> None:
    if process.stdin is None:
        return
    # A program that has seen enough, such as one that was called wrongly, reads no more; its exit code says why.
    with contextlib.suppress(BrokenPipeError), process.stdin as stdin:
        for part in parts:
            stdin.write(part)


def version() -> str:
    """Returns the version of the program, such as `0.1.0`, which is that of this module.

    Raises:
        MlspecLintError: The program is not there, or is of another version.
    """
    checked_program()
    return __version__
