"""Checks of files and texts."""

from __future__ import annotations

import os
from collections.abc import Iterable

from ._program import Answer, MlspecLintError, path_of, run, text_of
from ._read import report_of
from ._report import Report


def check(
    *paths: str | os.PathLike[str],
    select: Iterable[str] = (),
    ignore: Iterable[str] = (),
    config: str | os.PathLike[str] | None = None,
    cwd: str | os.PathLike[str] | None = None,
) -> Report:
    """Checks files and folders, as `mlspec-lint check` does; without a path, the current folder.

    Args:
        paths: Files and folders. They are never options, whatever they begin with.
        select: Report these rules or families only.
        ignore: Report all rules or families but these.
        config: The settings; by default those that are found beside the files.
        cwd: The folder in which paths begin.

    Raises:
        MlspecLintError: A path does not exist, nothing in it is an MLSpec document, or a setting is wrong.
        TypeError, ValueError: An argument is no path, or an empty one.
    """
    return check_with([], [path_of(path, "a path") for path in paths], select, ignore, config, cwd=cwd)


def check_text(
    text: str,
    *,
    name: str = "document.yml",
    select: Iterable[str] = (),
    ignore: Iterable[str] = (),
    config: str | os.PathLike[str] | None = None,
    cwd: str | os.PathLike[str] | None = None,
) -> Report:
    """Checks a text as if it were the file `name`, as `mlspec-lint check -` does.

    Raises:
        MlspecLintError: A setting is wrong, or there is nothing to check: the text is empty, or of another format that is known, such as a JSON
            Schema; or it is no Unicode. Any other text that is no MLSpec document is a finding.
        TypeError: The text is none, such as bytes.
    """
    options = [f"--stdin-filename={text_of(name, 'name')}"]
    return check_with(options, ["-"], select, ignore, config, text=text_of(text, "text"), cwd=cwd)


def check_with(
    arguments: list[str],
    operands: list[str],
    select: Iterable[str],
    ignore: Iterable[str],
    config: str | os.PathLike[str] | None,
    *,
    text: str | Iterable[bytes] | None = None,
    cwd: str | os.PathLike[str] | None,
) -> Report:
    """Runs a check with these arguments, and returns its report."""
    return report_of(check_run([*arguments, *options(select, ignore, config)], operands, text=text, cwd=cwd))


def check_run(
    arguments: Iterable[str],
    operands: list[str],
    *,
    text: str | Iterable[bytes] | None,
    cwd: str | os.PathLike[str] | None,
) -> Answer:
    """Runs a check, and returns what the program says: its report as JSON, and the exit code that says whether there are errors."""
    # Whatever the settings say, so that exit code and counts can be compared.
    own = ["check", "--format=json", "--fail-on=error", *arguments]
    return run(own, operands=operands, text=text, cwd=cwd, expected=[0, 1])


def options(select: Iterable[str], ignore: Iterable[str], config: str | os.PathLike[str] | None) -> list[str]:
    """Returns the arguments that say which rules count, and with which settings.

    Raises:
        MlspecLintError: A list of rules is a text.
        TypeError: A rule is no text.
    """
    arguments = []
    for option, rules in (("select", select), ("ignore", ignore)):
        if isinstance(rules, (str, bytes)):
            raise MlspecLintError(f"{option} is a list of rules, and not a text")
        arguments += [f"--{option}={text_of(rule, f'a rule of {option}')}" for rule in rules]
    if config is not None:
        arguments.append(f"--config={path_of(config, 'config')}")
    return arguments
