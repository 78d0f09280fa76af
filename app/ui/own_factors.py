"""系数: what the sums use, the workspace's own coefficients, and their history."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from bluecarbon_map import reports
from bluecarbon_map.errors import BluecarbonError
from bluecarbon_map.factors import WORKSPACE_SET
from bluecarbon_map.gate.edits import plain
from bluecarbon_map.gate.factor_edits import own_factors
from ui import (
    cached,
    coefficients,
    editing,
    editor,
    elements,
    factor_edit,
    factor_form,
    factor_state,
    naming,
    numbers,
    state,
)
from ui.words import _


def show() -> None:
    """What the sums use, the own coefficients, the form, and what there is in all."""
    last = factor_state.last_said()
    if last is not None:
        editor.say(last[0], *last[1])
    own = own_factors(cached.workspace())
    _standing(own)
    _table(own)
    if editing.allowed():
        editor.where()
        factor_edit.choose(own)
        factor_edit.form(own)
    else:
        editor.closed()
    _history(own)
    elements.show(elements.tag("h2", _("All coefficients"), "part"))
    coefficients.show(_used(), key="factors")


def _used() -> frozenset[str]:
    """Ids of the coefficients in the set that the workspace usually takes."""
    try:
        found = reports.coefficients_of(cached.workspace())
    except BluecarbonError as broken:
        editor.say("bad", *editor.refusal(broken))
        return frozenset()
    pools = {pool.factor_id for stock in found.stocks.values() for pool in stock.pools}
    return frozenset(pools | {rate.factor_id for rate in found.rates.values()})


def _standing(own: dict[str, dict[str, Any]]) -> None:
    """Which set is used, and what it takes for own coefficients to count."""
    usual = naming.factor_title(cached.workspace().info.factor_set)
    said = [elements.tag("p", _("Pages and files use, unless asked otherwise: {set}.").format(
        set=usual))]  # fmt: skip
    if own:
        title = naming.factor_title(WORKSPACE_SET)
        words = _("Own coefficients count only where the set “{set}” is chosen:").format(set=title)
        way = elements.link(
            _("stock with own coefficients"), "stock", state.address(factors=WORKSPACE_SET)
        )
        said.append(elements.tag("p", words + " ", "", way))
    elements.show(elements.card(_("Which coefficients are used"), *said))


def _table(own: dict[str, dict[str, Any]]) -> None:
    elements.show(elements.tag("h2", _("Own coefficients"), "part"))
    if not own:
        words = _(
            "There is none yet. A coefficient of one's own needs its source and the reason; the "
            "published one stays on record and can be gone back to."
        )
        elements.show(elements.tag("p", words, "lacks"))
        return
    versions = reports.factor_versions(cached.workspace())
    known = factor_form.labels()
    shown = ("ecosystem", "species", "pool", "quantity")
    rows = [
        {
            known["factor_id"]: one,
            _("Version"): versions.get(one),
            **{known[name]: factor_form.value(name, row[name]) for name in shown},
            **{known[name]: row[name] for name in ("value", "low", "high")},
            _("Unit"): row["unit"],
            known["source"]: row["source"],
            **_newest(one),
        }
        for one, row in own.items()
    ]
    st.dataframe(
        pd.DataFrame(rows),
        hide_index=True,
        placeholder=numbers.no_data(state.language()),
        key="factors_own",
    )


def _newest(factor_id: str) -> dict[str, str]:
    """Who stored the version in force, when and why; nothing for a folder of files."""
    register = editing.opened()
    if register is None:
        return {}
    row = plain(register.history("factors", (factor_id,)).tail(1))[0]
    return {
        _("Who"): str(row["actor"]),
        _("Stored at"): editor.moment(str(row["at"])),
        _("Reason"): row["reason"] or "",
    }


# --- history --------------------------------------------------------------------------------------


def _history(own: dict[str, dict[str, Any]]) -> None:
    """Every version of every own coefficient in force: who, when, why."""
    register = editing.opened()
    if register is None:
        return
    rows = [row for one in own for row in _versions(one, register.history("factors", (one,)))]
    if not rows:
        return
    heads = [_("Id"), _("Version"), _("Value"), _("Source"), _("Reason"), _("Who"), _("Stored at"),
             _("Change no.")]  # fmt: skip
    made = elements.table(heads, rows)
    made.set("class", "facts worded")
    title = _("Who changed an own coefficient, when and why")
    note = elements.small(_("Retired ones stand with all other changes under History."))
    elements.show(elements.card(title, elements.tag("div", "", "scrolling", made), note))


def _versions(factor_id: str, found: pd.DataFrame) -> list[list[str]]:
    rows = [
        [
            factor_id,
            str(row["row_version"]) + (_(" (retired)") if row["retired"] else ""),
            f"{row['value']:g} {row['unit']}",
            str(row["source"]),
            row["reason"] or "",
            str(row["actor"]),
            editor.moment(str(row["at"])),
            str(row["change_id"]),
        ]
        for row in plain(found)
    ]
    return rows[::-1]
