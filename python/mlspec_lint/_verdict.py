"""Verdicts of the gate."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from ._program import run

Outcome = Literal["pass", "warn", "unknown", "fail"]


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
    """
    arguments = ["gate", os.fspath(objectives), "--format", "json"]
    for option, paths in (("--run", run_document), ("--evaluation", evaluation), ("--test", test), ("--baseline", baseline)):
        paths = [paths] if isinstance(paths, (str, os.PathLike)) else paths or []
        arguments += [part for path in paths for part in (option, os.fspath(path))]
    if as_of is not None:
        arguments += ["--as-of", as_of]
    verdict = json.loads(run(arguments, cwd=cwd, expected=[0, 1, 3]) or "null")
    judged = tuple(JudgedObjective(own["id"], own["verdict"], own) for own in verdict["objectives"])
    return Verdict(verdict["verdict"], judged, verdict)
