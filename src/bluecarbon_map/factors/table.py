"""The table of coefficients in ``data/factors/*.csv``: read, checked, looked up."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import pandas as pd

from bluecarbon_map.errors import FactorError, NotFoundError
from bluecarbon_map.factors.intervals import PUBLISHED_KINDS
from bluecarbon_map.files import data_folder
from bluecarbon_map.tables import Factors, columns, validate

UNVERIFIED: Final = "from_memory_unverified"
"""Confidence of a value nobody has checked; it is used only when the caller accepts it."""

INTERVAL_UNVERIFIED: Final = "interval from memory"
"""Words in ``note`` of a row whose value was checked but whose interval was not."""

_NUMBERS: Final = ("depth_top_cm", "depth_bottom_cm", "value", "low", "high", "sd", "n")


@dataclass(frozen=True, slots=True, kw_only=True)
class Factor:
    """One coefficient; the columns of `tables.Factors`, None where a cell is empty."""

    factor_id: str
    ecosystem: str
    species: str | None
    region: str
    pool: str
    depth_top_cm: float | None
    depth_bottom_cm: float | None
    quantity: str
    unit: str | None
    value: float | None
    low: float | None
    high: float | None
    interval_kind: str | None
    sd: float | None
    n: float | None
    n_note: str | None
    source: str
    doi: str | None
    tier: int
    confidence: str
    note: str | None

    @property
    def verified(self) -> bool:
        """Whether someone has checked the value."""
        return self.confidence != UNVERIFIED

    @property
    def interval_verified(self) -> bool:
        """Whether someone has checked ``low`` and ``high`` too."""
        return self.verified and INTERVAL_UNVERIFIED not in (self.note or "")

    @property
    def relative_sd(self) -> float | None:
        """Standard deviation between sites over the mean; None where one of them is missing."""
        if self.sd is None or not self.value:
            return None
        return self.sd / self.value


def _dtypes() -> dict[str, str]:
    kinds = dict.fromkeys(columns(Factors), "str")
    kinds.update(dict.fromkeys(_NUMBERS, "float64"), tier="int64")
    return kinds


def _read(path: Path) -> pd.DataFrame:
    return pd.read_csv(
        path, dtype=_dtypes(), keep_default_na=False, na_values=[""], encoding="utf-8-sig"
    )


def bad_intervals(table: pd.DataFrame) -> pd.Series[bool]:
    """Rows whose interval is half given, upside down, or of no known kind."""
    has_low, has_high = table["low"].notna(), table["high"].notna()
    kind_known = table["interval_kind"].isin([kind.value for kind in PUBLISHED_KINDS])
    kind_missing = table["interval_kind"].isna()
    fits = (has_low & has_high & kind_known) | (~has_low & ~has_high & kind_missing)
    return ~fits | (table["low"] > table["high"])


def read_factors(folder: Path) -> pd.DataFrame:
    """Read every table of coefficients in a folder as one.

    Raises:
        FactorError: If there is none, or an interval is half given, upside down or of no known
            kind.
        ContractError: If a table breaks the contract `tables.Factors`.
    """
    paths = [path for path in sorted(folder.glob("*.csv")) if path.stem != "sets"]
    if not paths:
        raise FactorError("there is no table of coefficients", "Install the package again")
    table = pd.concat([_read(path) for path in paths], ignore_index=True)
    validate(Factors, table, table="data/factors")
    bad = table.loc[bad_intervals(table), "factor_id"].tolist()
    if bad:
        raise FactorError(
            f"data/factors: interval of {', '.join(bad)}: low, high and interval_kind must be "
            f"given together, low not above high, kind one of {', '.join(sorted(PUBLISHED_KINDS))}"
        )
    return table


@cache
def _table() -> pd.DataFrame:
    return read_factors(data_folder() / "factors")


def factors_table() -> pd.DataFrame:
    """Every coefficient, contract `tables.Factors`; a copy the caller may change."""
    return _table().copy()


def _cell(value: Any) -> Any:  # noqa: ANN401
    return None if pd.isna(value) else value


def by_id(table: pd.DataFrame) -> dict[str, Factor]:
    """Rows of a table of coefficients, contract `tables.Factors`, by their ids."""
    return {
        row["factor_id"]: Factor(**{str(key): _cell(value) for key, value in row.items()})
        for row in table.to_dict("records")
    }


@cache
def _by_id() -> dict[str, Factor]:
    return by_id(_table())


def factor(factor_id: str) -> Factor:
    """One coefficient.

    Raises:
        NotFoundError: If there is none of that id.
    """
    found = _by_id().get(factor_id)
    if found is None:
        raise NotFoundError("coefficient", factor_id, sorted(_by_id()))
    return found
