"""The form of one own coefficient."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import streamlit as st

from bluecarbon_map.ecosystems import ECOSYSTEMS, SPECIES
from bluecarbon_map.factors import IntervalKind
from bluecarbon_map.factors.intervals import PUBLISHED_KINDS
from bluecarbon_map.factors.own import MOST, UNITS
from bluecarbon_map.factors.pools import POOLS
from ui import elements, factor_state, factor_words, naming, zone
from ui.factor_state import NUMBERS
from ui.words import _

_CHECKED: Final = ("verified", "verified_secondary", "derived_from_verified")


def labels() -> dict[str, str]:
    """Column → label."""
    return {
        "factor_id": _("Id of the coefficient"),
        "ecosystem": _("Ecosystem"),
        "species": _("Species or class"),
        "region": _("Region"),
        "pool": _("Pool"),
        "quantity": _("What is given"),
        "value": _("Value"),
        "low": _("Lower end"),
        "high": _("Upper end"),
        "interval_kind": _("What the interval is"),
        "sd": _("SD between sites"),
        "n": _("Number of sites, n"),
        "n_note": _("What n counts"),
        "depth_top_cm": _("Depth from (cm)"),
        "depth_bottom_cm": _("Depth to (cm)"),
        "tier": _("Tier"),
        "confidence": _("Checked?"),
        "source": _("Source"),
        "doi": "DOI",
        "note": _("What to know about it"),
    }


def fields(opened: factor_state.Draft) -> None:
    """All fields; the id of a coefficient that is there stays."""
    _keep_shown(opened)
    known = labels()
    fixed = opened.factor_id is not None
    _row(known, ("factor_id", "ecosystem", "species"), fixed=("factor_id",) if fixed else ())
    _row(known, ("quantity", "pool", "depth_top_cm", "depth_bottom_cm"))
    unit = UNITS[str(st.session_state[factor_state.widget("quantity")])]
    known |= {one: f"{known[one]} ({unit})" for one in ("value", "low", "high", "sd")}
    _row(known, ("value", "low", "high", "interval_kind"))
    _row(known, ("sd", "n", "n_note"))
    words = _(
        "Leave empty what is not known. Give either two ends with what they are, or the standard "
        "deviation between sites with n: it becomes the 95 % interval of the mean. A depth is "
        "never scaled."
    )
    elements.show(elements.small(words))
    _row(known, ("region", "tier", "confidence"))
    _row(known, ("source", "doi", "note"))


def _keep_shown(opened: factor_state.Draft) -> None:
    """Give a form that was away for a while its values back."""
    values = opened.mine or opened.before
    for column in factor_state.COLUMNS:
        value = factor_state.shown(column, values.get(column))
        st.session_state.setdefault(factor_state.widget(column), value)


def _row(known: dict[str, str], names: tuple[str, ...], *, fixed: tuple[str, ...] = ()) -> None:
    for place, name in zip(st.columns(len(names), gap="small"), names, strict=True):
        with place:
            _field(name, known[name], fixed=name in fixed)


def _field(column: str, label: str, *, fixed: bool) -> None:
    key, options = factor_state.widget(column), _options(column)
    if options is not None:
        _choice(column, label, options, key)
    elif column in NUMBERS:
        most = max(MOST.values()) if column in ("value", "low", "high", "sd") else 1e6
        st.number_input(
            label, min_value=0.0, max_value=most, value=None, step=None, format="%g", key=key,
            placeholder=_("unknown"),
        )  # fmt: skip
    else:
        st.text_input(label, key=key, disabled=fixed, max_chars=300, placeholder=_hint(column))


def _choice(column: str, label: str, options: list[Any], key: str) -> None:
    if st.session_state.get(key) not in options:
        st.session_state[key] = options[0]
    st.selectbox(
        label, options, format_func=lambda one: value(column, one), key=key,
        placeholder=value(column, None),
    )  # fmt: skip


def _hint(column: str) -> str:
    hints = {
        "factor_id": _("e.g. mangrove-yueqing-2024"),
        "source": _("Report, paper or data set; needed"),
        "region": _("Where it was measured; needed"),
        "n_note": _("e.g. cores"),
    }
    return hints.get(column, "")


def _options(column: str) -> list[Any] | None:
    ecosystem = st.session_state.get(factor_state.widget("ecosystem"))
    known: dict[str, list[Any]] = {
        "ecosystem": list(ECOSYSTEMS),
        "species": [None, *(key for key, one in SPECIES.items() if one.ecosystem == ecosystem)],
        "pool": list(POOLS),
        "quantity": list(UNITS),
        "interval_kind": [None, *(k.value for k in IntervalKind if _may_be_ends(k))],
        "tier": [3, 2, 1],
        "confidence": list(_CHECKED),
    }
    return known.get(column)


def _may_be_ends(kind: IntervalKind) -> bool:
    """A standard deviation of sites has a field of its own."""
    return kind in PUBLISHED_KINDS and kind is not IntervalKind.SD


def value(column: str, one: Any) -> str:  # noqa: ANN401
    """A value of a field in words."""
    if one is None:
        return _("any species") if column == "species" else _("not stated")
    words: dict[str, Callable[[Any], str]] = {
        "ecosystem": naming.ecosystem_name,
        "species": naming.species_name,
        "pool": factor_words.pool,
        "quantity": factor_words.quantity,
        "interval_kind": factor_words.interval_kind,
        "tier": zone.tier_name,
        "confidence": factor_words.confidence,
    }
    told = words.get(column)
    if told is not None:
        return told(one)
    return f"{one:g}" if isinstance(one, float) else str(one)
