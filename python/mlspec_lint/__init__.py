"""mlspec-lint from Python: check MLSpec documents and judge models, with results as dataclasses.

>>> from mlspec_lint import check_text
>>> report = check_text("mlSpecVersion: 0.1.0\\nkind: run\\nmetrics: [{key: accuracy, value: '0.9'}]\\n", select=["run"])
>>> print(report.findings[0])
document.yml:3:34: error[run/metric-value-mismatch] 'value' is a string, expected a number or a list or a mapping

Every function runs the program that is installed with this module, so that an answer is the one of the command line and of CI.
"""

from ._check import check, check_text
from ._program import MlspecLintError, find_program, version
from ._report import (
    Edit,
    Finding,
    FindingGroup,
    FindingsError,
    Fix,
    LogCounts,
    Position,
    RelatedPlace,
    Report,
    Span,
    Summary,
    TableCounts,
)
from ._tables import check_records, check_table
from ._texts import explain, schema
from ._verdict import BlockedError, JudgedObjective, Verdict, gate
from ._version import __version__

__all__ = [
    "BlockedError",
    "Edit",
    "Finding",
    "FindingGroup",
    "FindingsError",
    "Fix",
    "JudgedObjective",
    "LogCounts",
    "MlspecLintError",
    "Position",
    "RelatedPlace",
    "Report",
    "Span",
    "Summary",
    "TableCounts",
    "Verdict",
    "__version__",
    "check",
    "check_records",
    "check_table",
    "check_text",
    "explain",
    "find_program",
    "gate",
    "schema",
    "version",
]
