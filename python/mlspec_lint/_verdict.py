"""Verdicts of the gate."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from ._program import path_of, run, text_of, unreadable

Outcome = Literal["pass", "warn", "unknown", "fail"]

#: The exit code of each verdict (spec/gate.md).
_CODES: Mapping[Outcome, int] = {"pass": 0, "warn": 0, "fail": 1, "unknown": 3}

#: The verdicts of single objectives, the best first. None is worse than the verdict of the gate, with which a waived one is a `warn`.
_RANKS = {"pass": 0, "waived": 1, "warn": 1, "unknown": 2, "fail": 3}

#: The version of the verdict's JSON that is read here.
_VERSION = 1


@dataclass(frozen=True)
class JudgedObjective:
    """An objective, and whether it is met: `pass`, `warn`, `unknown`, `fail` or `waived`. `details` is its part of the JSON."""

    id: str
    verdict: str
    details: Mapping[str, Any]


class BlockedError(Exception):
    """The gate does not let the model pass; `verdict` says why."""

    def __init__(self, verdict: Verdict) -> None:
        self.verdict = verdict
        blocking = ", ".join(f"{own.id} ({own.verdict})" for own in verdict.objectives if own.verdict in ("fail", "unknown"))
        super().__init__(f"gate: {verdict.verdict}" + (f": {blocking}" if blocking else ""))


@dataclass(frozen=True)
class Verdict:
    """The verdict about a model. `details` is the whole JSON, as `schemas/verdict.schema.json` describes it."""

    verdict: Outcome
    objectives: tuple[JudgedObjective, ...]
    details: Mapping[str, Any]

    @property
    def is_let_through(self) -> bool:
        """Whether the model may be deployed: nothing failed, and nothing is unknown."""
        return self.verdict in ("pass", "warn")

    def raise_if_blocked(self) -> None:
        """Raises BlockedError unless the model may be deployed."""
        if not self.is_let_through:
            raise BlockedError(self)


def gate(
    objectives: str | os.PathLike[str],
    *,
    run_document: str | os.PathLike[str] | None = None,
    evaluation: str | os.PathLike[str] | Iterable[str | os.PathLike[str]] = (),
    test: str | os.PathLike[str] | Iterable[str | os.PathLike[str]] = (),
    baseline: str | os.PathLike[str] | None = None,
    as_of: str | None = None,
    cwd: str | os.PathLike[str] | None = None,
) -> Verdict:
    """Judges a model by its objectives, as `mlspec-lint gate` does. What is not named is found in the workspace of the objectives.

    Raises:
        MlspecLintError: The objectives or what is measured cannot be read, or have errors: there is no verdict then.
        TypeError, ValueError: An argument is no path, or an empty one.
    """
    arguments = ["gate", "--format=json", "--fail-on=unknown"]
    for option, paths in (("run", run_document), ("evaluation", evaluation), ("test", test), ("baseline", baseline)):
        named = [paths] if isinstance(paths, (str, bytes, os.PathLike)) else paths or ()
        # In one argument, so that no path is taken for an option.
        arguments += [f"--{option}={path_of(path, option)}" for path in named]
    if as_of is not None:
        arguments.append(f"--as-of={text_of(as_of, 'as_of')}")
    answer = run(arguments, operands=[path_of(objectives, "objectives")], cwd=cwd, expected=[0, 1, 3])
    verdict = _verdict(answer.json())
    answer.require_code(_CODES[verdict.verdict], f"the verdict '{verdict.verdict}'")
    return verdict


def _verdict(found: Mapping[str, Any]) -> Verdict:
    """Returns a verdict from its JSON."""
    try:
        if found["version"] != _VERSION:
            raise unreadable(f"its verdict is of version {found['version']!r}, and this module reads version {_VERSION}")
        judged = tuple(JudgedObjective(own["id"], own["verdict"], own) for own in found["objectives"])
        outcome, counts = found["verdict"], found["counts"]
        agrees = {name: count for name, count in counts.items() if count} == Counter(own.verdict for own in judged)
    except (KeyError, TypeError, AttributeError) as error:
        raise unreadable(f"its verdict lacks what a verdict has ({type(error).__name__}: {error})") from error
    if outcome not in _CODES:
        raise unreadable(f"'{outcome}' is no verdict")
    if not judged or not agrees:
        raise unreadable(f"its verdict is about {len(judged)} objectives, and counts {counts}")
    for own in judged:
        if own.verdict not in _RANKS:
            raise unreadable(f"'{own.verdict}' is no verdict of an objective")
        if _RANKS[own.verdict] > _RANKS[outcome]:
            raise unreadable(f"the verdict is '{outcome}', and that of objective '{own.id}' is '{own.verdict}'")
    return Verdict(outcome, judged, found)
