"""How a reader of the gate says that a file cannot be read at all."""

from __future__ import annotations

import re

from bluecarbon_map.errors import InputError
from bluecarbon_map.gate.problems import Problem, Severity


class RefusedError(InputError):
    """A file that cannot be read any further.

    Attributes:
        code: Short constant name of the problem, as `Problem.code`.
    """

    def __init__(
        self, code: str, reason: str, fix: str, *, row: int | None = None, column: str | None = None
    ) -> None:
        self.code = code
        rows = () if row is None else (row,)
        super().__init__("file", reason, fix, rows=rows, column=column)


def problem_of(error: InputError) -> Problem:
    """The problem that an error stands for."""
    code = getattr(error, "code", None) or _snake(type(error).__name__.removesuffix("Error"))
    first = error.rows[0] if error.rows else None
    return Problem(
        severity=Severity.ERROR,
        code=code,
        message=error.reason,
        fix=error.fix,
        row=first if isinstance(first, int) else None,
        column=error.column,
        count=max(1, len(error.rows)),
    )


def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()
