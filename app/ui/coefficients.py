"""The table of all coefficients, searchable, in the language of the page."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from bluecarbon_map import reports
from bluecarbon_map.factors import factors_table, own_name
from bluecarbon_map.reports.glossary import matching
from ui import cached, elements, factor_words, numbers, state
from ui.words import _


def everything() -> pd.DataFrame:
    """Every coefficient: the workspace's own under the names that results give them, then ours."""
    store = cached.workspace()
    own, versions = store.factors(), reports.factor_versions(store)
    named = [own_name(one, versions.get(one)) for one in own["factor_id"]]
    return pd.concat([own.assign(factor_id=named), factors_table()], ignore_index=True)


def show(used: frozenset[str] | None = None, key: str = "methods") -> None:
    """Every coefficient that the system knows, searchable.

    Args:
        used: Ids of those that a set uses, to be marked; None to mark none.
        key: What the keys of the widgets begin with.
    """
    every = everything()
    if used is not None:
        first = every["factor_id"].isin(used)
        every = pd.concat([every[first], every[~first]], ignore_index=True)
    table = _readable(every)
    if used is not None:
        table.insert(0, _("In use"), every["factor_id"].isin(used))
    words = st.text_input(
        _("Search"),
        key=f"{key}_search",
        placeholder=_("Ecosystem, region, source … e.g. mangrove Zhejiang"),
    )
    found = table[matching(table, words or "")]
    said = _("{n} of {all} coefficients").format(n=len(found), all=len(table))
    elements.show(elements.small(said))
    if found.empty:
        st.info(_("No coefficient holds these words. Try fewer, or the other language."))
        return
    st.dataframe(
        found,
        hide_index=True,
        height=560,
        placeholder=numbers.no_data(state.language()),
        key=f"{key}_factors",
    )
    elements.show(
        elements.small(
            _(
                "Values marked as not checked are used only when somebody accepts them. Notes, "
                "units and publications stand as in the table."
            )
        )
    )


def _readable(table: pd.DataFrame) -> pd.DataFrame:
    """The table of coefficients with columns and codes in the language of the page."""
    return pd.DataFrame(
        {
            _("Ecosystem, product or gas"): table["ecosystem"].map(factor_words.about),
            _("Species or class"): _texts(table["species"].map(factor_words.species, "ignore")),
            _("Region"): table["region"].map(factor_words.region),
            _("Pool"): table["pool"].map(factor_words.pool),
            _("Depth (cm)"): _depths(table),
            _("What is given"): table["quantity"].map(factor_words.quantity),
            _("Value"): table["value"],
            _("Unit"): _texts(table["unit"]),
            _("Lower end"): table["low"],
            _("Upper end"): table["high"],
            _("What the interval is"): table["interval_kind"].map(factor_words.interval_kind),
            _("Source"): table["source"],
            "DOI": _texts(table["doi"]),
            _("Tier"): table["tier"],
            _("Checked?"): table["confidence"].map(factor_words.confidence),
            "n": table["n"],
            "SD": table["sd"],
            _("What to know about it"): _texts(table["note"]),
            _("Id"): table["factor_id"],
        }
    )


def _texts(column: pd.Series[str]) -> pd.Series[str]:
    """An empty remark is no unknown number: it stays empty."""
    return column.fillna("")


def _depths(table: pd.DataFrame) -> list[str]:
    return [
        "" if pd.isna(top) or pd.isna(bottom) else f"{top:g}–{bottom:g}"
        for top, bottom in zip(table["depth_top_cm"], table["depth_bottom_cm"], strict=True)
    ]
