"""Problems as they are found: gathered in order, never more than a reader can use."""

from __future__ import annotations

from collections import Counter
from typing import Final

from bluecarbon_map.gate.problems import Problem, Severity

MOST_OF_A_CODE: Final = 100
"""Problems of one code that are listed; the last of them stands for all further rows."""

_SHOWN: Final = 60


def shown(value: object) -> str:
    """A value of the file as a message quotes it: short, on one line, visible."""
    text = repr(value) if isinstance(value, str) else repr(str(value))
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…'"


class Findings:
    """Gathers the problems of one file."""

    def __init__(self) -> None:
        self._kept: list[Problem] = []
        self._seen: Counter[str] = Counter()
        self._beyond: dict[str, Problem] = {}

    def error(
        self, code: str, message: str, fix: str, *, row: int | None = None,
        column: str | None = None, count: int = 1,
    ) -> None:  # fmt: skip
        """What keeps the file out."""
        self._add(Severity.ERROR, code, message, fix, row, column, count)

    def repair(
        self, code: str, message: str, fix: str, *, row: int | None = None,
        column: str | None = None, count: int = 1,
    ) -> None:  # fmt: skip
        """A change that was made and that the user has to confirm."""
        self._add(Severity.REPAIR, code, message, fix, row, column, count)

    def warning(
        self, code: str, message: str, fix: str, *, row: int | None = None,
        column: str | None = None, count: int = 1,
    ) -> None:  # fmt: skip
        """What the user should know."""
        self._add(Severity.WARNING, code, message, fix, row, column, count)

    def info(
        self, code: str, message: str, fix: str, *, row: int | None = None,
        column: str | None = None, count: int = 1,
    ) -> None:  # fmt: skip
        """What changes nothing."""
        self._add(Severity.INFO, code, message, fix, row, column, count)

    def say(
        self, severity: Severity, code: str, message: str, fix: str, *, row: int | None = None,
        column: str | None = None, count: int = 1,
    ) -> None:  # fmt: skip
        """A problem of any severity."""
        self._add(severity, code, message, fix, row, column, count)

    def problems(self) -> tuple[Problem, ...]:
        """What was found, in the order it was found."""
        return (*self._kept, *self._beyond.values())

    def has_errors(self) -> bool:
        """Whether anything found so far keeps the file out."""
        return any(problem.severity is Severity.ERROR for problem in self.problems())

    def _add(
        self, severity: Severity, code: str, message: str, fix: str, row: int | None,
        column: str | None, count: int,
    ) -> None:  # fmt: skip
        self._seen[code] += 1
        if self._seen[code] < MOST_OF_A_CODE:
            self._kept.append(
                Problem(
                    severity=severity, code=code, message=message, fix=fix, row=row, column=column,
                    count=count,
                )
            )  # fmt: skip
            return
        before = self._beyond.get(code)
        more = count + (before.count if before else 0)
        graver = _graver(severity, before.severity) if before else severity
        self._beyond[code] = Problem(
            severity=graver,
            code=code,
            message=f"and {more} more like the ones above",
            fix=before.fix if before else fix,
            row=before.row if before else row,
            column=before.column if before else column,
            count=more,
        )


_ORDER: Final = (Severity.ERROR, Severity.REPAIR, Severity.WARNING, Severity.INFO)


def _graver(one: Severity, other: Severity) -> Severity:
    return min(one, other, key=_ORDER.index)
