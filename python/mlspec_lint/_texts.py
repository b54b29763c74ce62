"""What the program knows: pages of rules, and schemas."""

from __future__ import annotations

from typing import Any

from ._program import run, text_of, unreadable


def explain(rule: str) -> str:
    """Returns the page of a rule in Markdown: what it demands, why, what fails, what passes.

    Raises:
        MlspecLintError: There is no such rule; the text names the nearest one.
    """
    page = run(["explain"], operands=[text_of(rule, "rule")], expected=[0]).text
    if not page.strip():
        raise unreadable("the page is empty")
    return page


def schema(name: str | None = None) -> dict[str, Any]:
    """Returns a JSON Schema: that of a kind such as `run`, of a report such as `verdict`, or of every document.

    Raises:
        MlspecLintError: There is no such schema.
    """
    operands = [text_of(name, "name")] if name is not None else []
    return dict(run(["schema"], operands=operands, expected=[0]).json())
