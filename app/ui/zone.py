"""One zone: the answer in a sentence, what it is, and what is not known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final
from xml.etree.ElementTree import Element

import pandas as pd
import streamlit as st

from bluecarbon_map import reports
from bluecarbon_map.accounting.uncertainty import MIXED
from bluecarbon_map.ecosystems import ECOSYSTEMS
from bluecarbon_map.factors import IntervalKind
from bluecarbon_map.tables import Level, Provenance
from ui import asking, cached, elements, naming, numbers, panels, state, trace_link
from ui.words import _

_ASKED_FIRST: Final = "mangrove"
"""Ecosystem the answer is about where none was chosen."""


def asked(chosen: state.Choices) -> str:
    """The zone the page is about; the whole region where none was chosen."""
    return chosen.zone_id or cached.workspace().info.zone_id


def name(zone_id: str) -> str:
    """Name of a zone in the language of the session."""
    return cached.regions(cached.workspace().version, state.language()).names[zone_id]


def level_of(zone_id: str) -> Level:
    """Its level."""
    return cached.regions(cached.workspace().version, state.language()).levels[zone_id]


def level_name(level: Level) -> str:
    """Name of a level."""
    words = {
        Level.PROVINCE: _("Province"),
        Level.CITY: _("City"),
        Level.COUNTY: _("County"),
        Level.OTHER: _("Other zone"),
    }
    return words[level]


def summary(
    chosen: state.Choices,
    zone_id: str,
    *,
    ecosystem: str | None = None,
    survey_id: str | None = None,
) -> reports.ZoneSummary | None:
    """Area and carbon of a zone as one row an ecosystem; None where nothing is on record."""
    wanted = replace(
        chosen,
        ecosystem=ecosystem or chosen.ecosystem,
        survey_id=survey_id or chosen.survey_id,
    )
    found = cached.summary(*_asked(wanted, zone_id))
    return None if found is None or found.rows.empty else found


def checked(chosen: state.Choices, zone_id: str) -> reports.Checked | None:
    """What the plausibility rules say of a zone; None where nothing is on record."""
    return cached.derived(reports.check_summary, _asked(chosen, zone_id))


def _asked(chosen: state.Choices, zone_id: str) -> asking.Asked:
    return asking.summary(chosen, level_of(zone_id), zone_id, state.factor_set())


def headline(zone_id: str) -> None:
    """The question, with the name of the zone."""
    question = _("How much does {zone} have, and how sure is it?").format(zone=name(zone_id))
    info = cached.workspace().info
    note = info.zones_label_zh if state.language() == "zh" else info.zones_label_en
    elements.headline(question, note)


# --- the answer ----------------------------------------------------------------------------------


def answer(chosen: state.Choices, zone_id: str) -> None:
    """Area and stock with their interval, year, source and share of demonstration data."""
    if chosen.survey_id is None:
        st.info(_("There is no survey yet. Put one into the workspace, then come back."))
        return
    kind = chosen.ecosystem or _ASKED_FIRST
    said = [_sentence(chosen, zone_id, kind)]
    if chosen.ecosystem is None:
        said.append(_all_sentence(chosen, zone_id))
    lines = [elements.tag("p", text) for text in said if text]
    elements.show(elements.tag("div", "", "answer", *lines, _certainty(chosen, zone_id, kind)))


def _sentence(chosen: state.Choices, zone_id: str, kind: str) -> str:
    words = {"zone": name(zone_id), "ecosystem": panels.ecosystem_name(kind).lower()}
    words["year"] = str(cached.survey_year(cached.workspace().version, chosen.survey_id or ""))
    found = summary(chosen, zone_id, ecosystem=kind)
    if found is None:
        nothing = _("{year}: no {ecosystem} on record in {zone}. That is no data, not zero.")
        return nothing.format(**words)
    area = numbers.joined(numbers.area(found.totals.area_ha, state.language()))
    held = _("{year}: {zone} has {area} of {ecosystem}, which holds {stock}.")
    return held.format(**words, area=area, stock=_stock(found))


def _all_sentence(chosen: state.Choices, zone_id: str) -> str:
    found = summary(chosen, zone_id)
    if found is None:
        return _("No ecosystem at all is on record here in this survey.")
    area = numbers.joined(numbers.area(found.totals.area_ha, state.language()))
    said = _("All ecosystems: {area}, holding {stock}.").format(area=area, stock=_stock(found))
    between = "" if state.language() == "zh" else " "
    return f"{said}{between}{_invented(found)}".strip()


def _stock(found: reports.ZoneSummary) -> str:
    """Stock with its interval, in words where it is not known."""
    language, totals = state.language(), found.totals
    if totals.stock_t_c is None:
        return _("an unknown stock (no coefficient)")
    stock = numbers.joined(numbers.carbon(totals.stock_t_c, language))
    if totals.unvalued_ha > 0:
        stock = _("at least {amount}").format(amount=stock)
    interval = numbers.carbon_interval(totals.stock_t_c_low, totals.stock_t_c_high, language)
    if not interval:
        return _("{stock} (interval unknown)").format(stock=stock)
    kind = kind_name(totals.interval_kind)
    return _("{stock} (interval {interval}, {kind})").format(
        stock=stock, interval=interval, kind=kind
    )


def _invented(found: reports.ZoneSummary) -> str:
    share = reports.percent(found.totals.demonstration_ha, found.totals.area_ha)
    if not share:
        return ""
    percent = numbers.plain(share, 0 if share >= 1 else 2, state.language())
    return _("{percent} % of this area is demonstration data.").format(percent=percent)


def kind_name(kind: object) -> str:
    """What the ends of an interval are, in words; several kinds have no confidence level."""
    if not isinstance(kind, str):
        return numbers.no_data(state.language())
    if kind.startswith(MIXED):
        return _("of several kinds, indicative only")
    return IntervalKind(kind).name_zh if state.language() == "zh" else kind


def _certainty(chosen: state.Choices, zone_id: str, kind: str) -> Element:
    """How sure the answer is: kind of record of the area, tier and set of the coefficient."""
    version = cached.workspace().version
    records = cached.records_in(version, chosen.survey_id or "", zone_id, chosen.demonstration)
    mine = records[records["ecosystem"] == kind]
    row = elements.tag("div", "", "certainty")
    for provenance in dict.fromkeys(mine["provenance"]):
        words = _("Area: {record}").format(record=panels.provenance_name(provenance))
        look = "badge warn" if provenance == Provenance.DEMONSTRATION else "badge"
        row.append(elements.tag("span", words, look))
    found = summary(chosen, zone_id, ecosystem=kind)
    if found is not None:
        row.extend(_badges(found))
        row.append(trace_link.link(zone_id, eco=kind))
        row.append(elements.small(_sources(found, mine)))
    return row


def _badges(found: reports.ZoneSummary) -> list[Element]:
    """Tier of the coefficient, and the set it is from."""
    tiers = found.rows["tier"].dropna()
    said = [] if tiers.empty else [_("Coefficient: {tier}").format(tier=tier_name(tiers.min()))]
    said.append(set_name(found))
    return [elements.tag("span", text, "badge") for text in said]


def tier_name(tier: float) -> str:
    """Tier of a coefficient in words."""
    words = {1: _("tier 1, global"), 2: _("tier 2, national"), 3: _("tier 3, provincial")}
    return numbers.no_data(state.language()) if pd.isna(tier) else words[int(tier)]


def set_name(found: reports.ZoneSummary) -> str:
    """Title of the set of coefficients."""
    chosen = found.factor_set
    return chosen.title_zh if state.language() == "zh" else chosen.title_en


def _sources(found: reports.ZoneSummary, records: pd.DataFrame) -> str:
    """Publications of the area and of the coefficient."""
    area = [
        naming.in_language(panels.source_name(provenance, source))
        for provenance, source in zip(records["provenance"], records["source"], strict=True)
    ]
    words = _("Area: {area}. Coefficient: {coefficient}.")
    return words.format(
        area=_joined(area), coefficient=_joined(list(source_of(found).values())) or _("none")
    )


def _joined(texts: Sequence[str]) -> str:
    return ("；" if state.language() == "zh" else "; ").join(dict.fromkeys(texts))


def source_of(found: reports.ZoneSummary) -> dict[str, str]:
    """Publication of each coefficient of the stock."""
    used = reports.sources(found.factor_set, found.pools[["ecosystem", "species"]])
    mine = used[(used["role"] == "stock") & used["source"].notna()]
    return dict(zip(mine["factor_id"], mine["source"], strict=True))


# --- where it lies -------------------------------------------------------------------------------


def path_bar(zone_id: str) -> None:
    """What the zone lies in, what lies in it, and the zones beside it, each to be gone to."""
    facts = cached.zone_facts(cached.workspace().version, zone_id)
    with st.container(key="zone_path", horizontal=True, gap="small", vertical_alignment="center"):
        for whole in reversed(facts.path):
            _go(whole, f"{name(whole)} ›")
        elements.show(elements.tag("b", name(zone_id), "here"))
        if facts.parts:
            elements.show(elements.tag("span", _("In it:"), "small"))
        for part in facts.parts:
            _go(part, name(part))
        if facts.neighbours and not facts.parts:
            elements.show(elements.tag("span", _("Beside it:"), "small"))
            for other in facts.neighbours:
                _go(other, name(other))


def _go(zone_id: str, label: str) -> None:
    st.button(
        naming.plain_text(label),
        key=f"go_{zone_id}",
        type="tertiary",
        on_click=state.choose_zone,
        args=(None if zone_id == cached.workspace().info.zone_id else zone_id,),
    )


def facts_card(chosen: state.Choices, zone_id: str) -> None:
    """Level, code, size and outline of the zone, then what is not known of it."""
    facts = cached.zone_facts(cached.workspace().version, zone_id)
    found = summary(chosen, zone_id)
    area = numbers.joined(numbers.area(facts.area_ha, state.language()))
    pairs = [
        (_("Level"), level_name(facts.level)),
        (_("Code"), zone_id),
        (_("Area of the zone"), _("{area}, on the ellipsoid, sea included").format(area=area)),
    ]
    if found is not None:
        cover = reports.percent(found.totals.area_ha, facts.area_ha)
        share = f"{numbers.plain(cover, 2, state.language())} %"
        pairs.append((_("Of it mapped ecosystems"), share))
    pairs.append(
        (
            _("Outline"),
            f"{panels.provenance_name(facts.provenance)} · {naming.in_language(facts.source)}",
        )
    )
    shown = [elements.card(_("The zone"), elements.facts(pairs))]
    if found is not None:
        how = trace_link.link(zone_id)
        title = _("All ecosystems")
        if chosen.ecosystem is not None:
            title = panels.ecosystem_name(chosen.ecosystem)
        amounts = panels.zone_numbers(found, beyond=panels.beyond(chosen, zone_id))
        shown.append(elements.card(title, *amounts, how))
    elements.show(*shown, _unknown(chosen, found))


def _unknown(chosen: state.Choices, found: reports.ZoneSummary | None) -> Element:
    """Ecosystems that no survey looked at here, and those without a coefficient."""
    language = state.language()
    there = set(found.rows["ecosystem"]) if found is not None else set()
    asked_for = chosen.ecosystems or frozenset(ECOSYSTEMS)
    missing = [panels.ecosystem_name(key) for key in ECOSYSTEMS if key in asked_for - there]
    lines = []
    if missing:
        words = _("Not on record in this survey – no data, not zero: {names}")
        lines.append(words.format(names=numbers.listed(missing, language)))
    if found is not None:
        rows = found.rows[found.rows["unvalued_ha"] > 0]
        bare = [panels.ecosystem_name(key) for key in dict.fromkeys(rows["ecosystem"])]
        if bare:
            words = _("Area known, but without a coefficient, so the stock is no data: {names}")
            lines.append(words.format(names=numbers.listed(bare, language)))
    whole = _("Every ecosystem of the list is on record here.")
    if chosen.ecosystem is not None:
        whole = _("The ecosystem chosen is on record here; the others were not asked for.")
    lines = lines or [whole]
    return elements.card(_("What is not known"), *(elements.small(text) for text in lines))
