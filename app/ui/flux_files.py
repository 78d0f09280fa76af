"""Files of a reckoned flux: inputs, results, rules, coefficients, warming potentials."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from functools import partial

import streamlit as st

from bluecarbon_map import reports
from bluecarbon_map.export import to_bytes
from bluecarbon_map.reports import fluxes
from ui.words import _


def buttons(
    found: fluxes.ActivityFlux | fluxes.HarvestFlux, key: str, about: Sequence[str | None]
) -> None:
    """Take it away as CSV or JSON, made when somebody asks for it."""
    kinds: tuple[tuple[str, str, Callable[[], bytes]], ...] = (
        ("csv", "text/csv", partial(_csv, found)),
        ("json", "application/json", partial(fluxes.as_json, found)),
    )
    with st.container(key=f"{key}_files", horizontal=True, gap="small"):
        for suffix, mime, make in kinds:
            st.download_button(
                _("{kind}, with inputs and coefficients").format(kind=suffix.upper()),
                make,
                file_name=_name(key, about, suffix),
                mime=mime,
                key=f"{key}_{suffix}",
                on_click="ignore",
            )


def _csv(found: fluxes.ActivityFlux | fluxes.HarvestFlux) -> bytes:
    return to_bytes(fluxes.flux_bundle(found), ".csv")


def _name(key: str, about: Sequence[str | None], suffix: str) -> str:
    words = [one.replace(" ", "-").replace("_", "-") for one in about if one]
    return f"bluecarbon_{key}_{reports.name_of(words, date.today(), f'.{suffix}')}"
