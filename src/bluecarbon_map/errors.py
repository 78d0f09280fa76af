"""Errors of this project.

    BluecarbonError
    ├── InputError              a file or a row that cannot be used as it is
    │   ├── CRSMissingError
    │   ├── CRSMismatchError
    │   ├── UnknownEcosystemError
    │   ├── GeometryError
    │   ├── DuplicateIdError
    │   ├── EmptyLayerError
    │   ├── ColumnError
    │   ├── ZoneOverlapError
    │   └── RasterError
    ├── ContractError           a table breaks its contract
    ├── FactorError             a coefficient or a set of them cannot be used
    ├── ConflictError           a record has moved on since the writer saw it
    ├── ReadOnlyError           a workspace that cannot be written
    ├── StoreError              a database that cannot do what it is asked
    ├── NotFoundError           a zone, survey or plan that is not in the workspace
    └── AccountingError         parts do not add up to their whole

Every message says what is wrong, where, and what to do about it; the parts are attributes too.
"""

from __future__ import annotations

from collections.abc import Sequence


def _listed(values: Sequence[object], most: int = 8) -> str:
    shown = ", ".join(str(value) for value in values[:most])
    more = len(values) - most
    return f"{shown} and {more} more" if more > 0 else shown


class BluecarbonError(Exception):
    """Root of everything this project raises on purpose."""


class InputError(BluecarbonError):
    """Something from outside cannot be used as it is.

    Attributes:
        where: File, layer or table the problem is in.
        rows: Row numbers or ids the problem is in; empty when it concerns the whole.
        column: Column the problem is in, if one.
        reason: What is wrong.
        fix: The way out.
    """

    def __init__(
        self,
        where: str,
        reason: str,
        fix: str,
        *,
        rows: Sequence[object] = (),
        column: str | None = None,
    ) -> None:
        self.where, self.reason, self.fix = where, reason, fix
        self.rows, self.column = tuple(rows), column
        place = where
        if column is not None:
            place += f", column {column!r}"
        if rows:
            place += f", rows {_listed(rows)}"
        super().__init__(f"{place}: {reason}. {fix}.")


class CRSMissingError(InputError):
    """A layer does not say in which coordinate system it lies."""

    def __init__(
        self, where: str, *, rows: Sequence[object] = (), column: str | None = None
    ) -> None:
        super().__init__(
            where,
            "the layer has no coordinate system (CRS)",
            "Ask whoever made it, then set it, e.g. EPSG:4490 for CGCS2000 degrees or "
            "EPSG:4549 for CGCS2000 metres on the 120E meridian",
            rows=rows,
            column=column,
        )


class CRSMismatchError(InputError):
    """Two layers lie in different coordinate systems, or one lies in another than it says."""

    def __init__(
        self,
        where: str,
        found: str,
        wanted: str,
        *,
        rows: Sequence[object] = (),
        column: str | None = None,
    ) -> None:
        self.found, self.wanted = found, wanted
        super().__init__(
            where,
            f"the layer lies in {found} where {wanted} is needed",
            "Reproject it first, or correct the coordinate system it states",
            rows=rows,
            column=column,
        )


class UnknownEcosystemError(InputError):
    """A word that names no ecosystem of the vocabulary."""


class GeometryError(InputError):
    """Geometry that is missing, empty, broken or of the wrong kind."""


class DuplicateIdError(InputError):
    """One id stands on several rows."""


class EmptyLayerError(InputError):
    """A layer or table without a row."""

    def __init__(self, where: str) -> None:
        super().__init__(
            where, "there is no row in it", "Check the layer name and the export filter"
        )


class ColumnError(InputError):
    """A needed column is missing, or two columns claim the same meaning."""


class ZoneOverlapError(InputError):
    """Zones cover the same ground, so their parts cannot add up to a whole."""


class RasterError(InputError):
    """A raster that cannot be read, does not say where it lies, or holds another kind of values."""


class ContractError(BluecarbonError):
    """A table breaks its contract in `tables`.

    Attributes:
        table: Name of the contract.
        problems: One line a problem: column, check, how many rows, the first of them.
        fix: The way out.
    """

    fix = "Correct the table and try again; docs/tables.md says what each column holds"

    def __init__(self, table: str, problems: Sequence[str]) -> None:
        self.table, self.problems = table, tuple(problems)
        super().__init__(f"{table}: {'; '.join(problems)}. {self.fix}.")


class FactorError(BluecarbonError):
    """A coefficient, or a named set of them, cannot be used.

    Attributes:
        reason: What is wrong, and where.
        fix: The way out.
    """

    def __init__(
        self,
        reason: str,
        fix: str = "Correct that row of data/factors, or name another set of coefficients",
    ) -> None:
        self.reason, self.fix = reason, fix
        super().__init__(f"{reason}. {fix}.")


class NotFoundError(BluecarbonError):
    """Nothing of that id in the workspace.

    Attributes:
        kind: What was looked for (zone, survey, plan, factor set, …).
        key: The id that was asked for.
        known: Ids there are.
        fix: The way out.
    """

    def __init__(self, kind: str, key: str, known: Sequence[str] = ()) -> None:
        self.kind, self.key, self.known = kind, key, tuple(known)
        self.fix = "Name one of these" if known else "Check the name, the path and the workspace"
        there = f"; there are: {_listed(self.known)}" if known else ""
        super().__init__(f"no {kind} {key!r} here{there}. {self.fix}.")


class AccountingError(BluecarbonError):
    """Parts that do not add up to their whole: a defect of ours, never of the user's."""


class ConflictError(BluecarbonError):
    """A record has moved on since the writer saw it; nothing was stored.

    Attributes:
        table: Table of the record.
        key: Its key.
        seen: Version that the writer saw; None where none was.
        found: Version that is there now; None where it is gone.
        by: Who wrote that one, where it is known.
        at: When.
    """

    def __init__(
        self,
        table: str,
        key: tuple[str, ...],
        *,
        seen: int | None,
        found: int | None,
        by: str | None = None,
        at: str | None = None,
    ) -> None:
        self.table, self.key, self.seen, self.found, self.by, self.at = (
            table, key, seen, found, by, at,
        )  # fmt: skip
        who = f" by {by} at {at}" if by else ""
        super().__init__(
            f"{table} {' / '.join(key)}: it is at version {found}{who}, you saw {seen}. "
            "Look at the newer version and decide again; nothing was stored."
        )


class ReadOnlyError(BluecarbonError):
    """A workspace that cannot be written."""

    def __init__(self, where: str, fix: str) -> None:
        self.where, self.fix = where, fix
        super().__init__(f"{where} cannot be written. {fix}.")


class StoreError(BluecarbonError):
    """The database of a workspace cannot do what it is asked: full, locked, damaged, not there.

    Attributes:
        where: The workspace.
        reason: What is wrong.
        fix: The way out.
        said: The database's own words.
    """

    def __init__(self, where: str, reason: str, fix: str, *, said: str = "") -> None:
        self.where, self.reason, self.fix, self.said = where, reason, fix, said
        super().__init__(f"{where}: {reason}. {fix}.")
