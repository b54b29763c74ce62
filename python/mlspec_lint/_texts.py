"""What the program knows: pages of rules, and schemas."""

from __future__ import annotations

import json
from typing import Any

from ._program import run


def explain(rule: str) -> str:
    """Returns the page of a rule in Markdown: what it demands, why, what fails, what passes.

    Raises:
        MlspecLintError: There is no such rule; the text names the nearest one.
    """
    return run(["explain", rule], expected=[0])


def schema(name: str | None = None) -> dict[str, Any]:
    """Returns a JSON Schema: that of a kind such as `run`, of a report such as `verdict`, or of every document.

    Raises:
        MlspecLintError: There is no such schema.
    """
    found: dict[str, Any] = json.loads(run(["schema", *([name] if name is not None else [])], expected=[0]))
    return found
