"""比较: one place in two surveys, ecosystem by ecosystem."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from xml.etree.ElementTree import Element

import pandas as pd
import streamlit as st

from bluecarbon_map import reports
from bluecarbon_map.ecosystems import ECOSYSTEMS
from ui import (
    asking,
    cached,
    charts,
    compare_ground,
    compare_zones,
    elements,
    numbers,
    panels,
    state,
    times,
    zone,
)
from ui.chart_words import MINUS
from ui.words import _


def another() -> str | None:
    """A survey beside the one that is looked at; None where there is only one."""
    mine = state.choices().survey_id
    titles = cached.survey_titles(cached.workspace().version, state.language())
    return next((one for one in titles if one != mine), None)


def section() -> None:
    """The choice, then what differs in area and in stock."""
    pair = _pair()
    if pair is None:
        return
    _settings(*pair)
    chosen = state.choices()
    found = [_summary(chosen, one) for one in pair]
    before, after = found
    if before is None or after is None:
        st.info(_("Nothing is on record here in one of the two surveys. Choose a wider zone."))
        return
    rows = _rows(chosen, pair, before, after)
    years = [str(cached.survey_year(cached.workspace().version, one)) for one in pair]
    whole = reports.whole_difference(before, after, rows)
    elements.show(_answer(whole, rows, years))
    compare_ground.section(chosen, *pair)
    left, right = st.columns([1, 1], gap="small")
    with left:
        _areas(rows, years)
    with right:
        _area_changes(rows, years)
        _stock_changes(rows, years)
    table = _table(rows, whole.valued, years)
    elements.show(elements.card(_("Both surveys"), table, elements.small(_rules())))


# --- which two -----------------------------------------------------------------------------------


def _pair() -> tuple[str, str] | None:
    """The two surveys, the earlier first; words and None where there are not two."""
    titles = cached.survey_titles(cached.workspace().version, state.language())
    mine, wanted = state.choices().survey_id, state.asked(state.AGAINST)
    if mine is None or another() is None:
        st.info(_("There is only one survey, or none. Import another to compare them."))
        return None
    if wanted not in titles:
        words = _("There is no survey “{survey}” here; another one is shown.")
        compare_zones.said([words.format(survey=(wanted or "")[:40])])
    second = wanted if wanted in titles and wanted != mine else another()
    years = {
        one: cached.survey_year(cached.workspace().version, one) for one in (mine, second) if one
    }
    first, last = sorted(years, key=lambda one: years[one])
    return first, last


def _settings(before: str, after: str) -> None:
    titles = cached.survey_titles(cached.workspace().version, state.language())
    with st.container(key="filters"):
        place, first, last = st.columns([1.3, 1, 1], gap="small")
    with place:
        _zone_box()
    for column, key, now, label in (
        (first, "compare_before", before, _("Earlier survey")),
        (last, "compare_after", after, _("Later survey")),
    ):
        st.session_state[key] = now
        with column:
            st.selectbox(
                label,
                list(titles),
                format_func=lambda one: titles.get(one, ""),
                key=key,
                label_visibility="collapsed",
                on_change=_take,
            )


def _zone_box() -> None:
    names = {"": _("Whole province · type a name to search"), **compare_zones.listed()}
    st.session_state["compare_zone"] = state.choices().zone_id or ""
    st.selectbox(
        _("Zone"),
        list(names),
        format_func=lambda one: names.get(one, one),
        key="compare_zone",
        label_visibility="collapsed",
        filter_mode="contains",
        on_change=_take_zone,
    )


def _take_zone() -> None:
    state.choose_zone(st.session_state["compare_zone"] or None)


def _take() -> None:
    """The later survey is the one that is looked at elsewhere too."""
    before, after = (st.session_state[key] for key in ("compare_before", "compare_after"))
    times.choose_survey(after)
    state.put(state.AGAINST, before)


def _place(chosen: state.Choices) -> str:
    return chosen.zone_id or cached.workspace().info.zone_id


def _summary(chosen: state.Choices, survey_id: str) -> reports.ZoneSummary | None:
    place = _place(chosen)
    wanted = replace(chosen, survey_id=survey_id, ecosystem=None)
    found = cached.summary(*asking.summary(wanted, zone.level_of(place), place, state.factor_set()))
    return None if found is None or found.rows.empty else found


def _rows(
    chosen: state.Choices,
    pair: Sequence[str],
    before: reports.ZoneSummary,
    after: reports.ZoneSummary,
) -> pd.DataFrame:
    rows = reports.compare_surveys(before, after, *(_mapped(chosen, one) for one in pair))
    order = {key: at for at, key in enumerate(ECOSYSTEMS)}
    rows = rows.sort_values("ecosystem", key=lambda keys: keys.map(order), kind="stable")
    return rows.assign(name=[panels.ecosystem_name(key) for key in rows["ecosystem"]])


def _mapped(chosen: state.Choices, survey_id: str) -> frozenset[str]:
    """Ecosystems that a survey has on record anywhere."""
    areas = cached.measured(cached.workspace().version, survey_id, chosen.demonstration)
    return frozenset(kind[0] for kind in areas.kinds) if areas else frozenset()


# --- what differs --------------------------------------------------------------------------------


def _answer(whole: reports.Whole, rows: pd.DataFrame, years: Sequence[str]) -> Element:
    """The difference in stock in one sentence, and what it is not."""
    title = " · ".join((zone.name(_place(state.choices())), "–".join(years)))
    said = [_sentence(whole.valued, years), *_left_out(whole)]
    small = [*_invented(rows, years), compare_zones.coefficients_alone(), _net()]
    return elements.card(
        title,
        *(elements.tag("div", text, "answer") for text in said),
        *(elements.small(text) for text in small),
    )


def _left_out(whole: reports.Whole) -> list[str]:
    """What the number above says nothing of; nothing where all that differs is in it."""
    language, lines = state.language(), []
    if whole.moved:
        words = _(
            "Which year holds more in all is unknown: classes without a coefficient grew by "
            "{came} and shrank by {went} beside this. Ground that changes its class enters or "
            "leaves the stock above; that alone tells of no carbon gained or lost."
        )
        came, went = (numbers.area(area, language) for area in (whole.came_ha, whole.went_ha))
        lines.append(words.format(came=numbers.joined(came), went=numbers.joined(went)))
    if whole.unmapped:
        words = _(
            "One of the surveys has not mapped these: how far they differ, and with them the "
            "whole, is unknown: {names}."
        )
        names = numbers.listed([panels.ecosystem_name(key) for key in whole.unmapped], language)
        lines.append(words.format(names=names))
    return lines


def _sentence(change: reports.Difference, years: Sequence[str]) -> str:
    if math.isnan(change.value):
        return _("What differs in stock is not known: nothing here has a coefficient twice.")
    words = {
        reports.Verdict.MORE: _(
            "Of what has a coefficient: {amount} more in {after} than in {before}{ends}."
        ),
        reports.Verdict.LESS: _(
            "Of what has a coefficient: {amount} less in {after} than in {before}{ends}."
        ),
        reports.Verdict.SAME: _(
            "Of what has a coefficient, the stock is the same in {before} and {after}: no area "
            "differs."
        ),
        reports.Verdict.CANNOT_SAY: _(
            "Of what has a coefficient, which year holds more cannot be said: the difference may "
            "be either way{ends}."
        ),
        reports.Verdict.UNKNOWN: _(
            "Of what has a coefficient: the stock differs by {amount} between {before} and "
            "{after}; interval unknown."
        ),
    }
    language = state.language()
    low, high = sorted((abs(change.low), abs(change.high)))
    interval = numbers.carbon_interval(low, high, language)
    if change.verdict is reports.Verdict.CANNOT_SAY:
        interval = f"{_signed(change.low, 0)} … {_signed(change.high, 0)} t C"
    return words[change.verdict].format(
        amount=numbers.joined(numbers.carbon(abs(change.value), language)),
        before=years[0],
        after=years[1],
        ends=_(" (interval {interval})").format(interval=interval),
    )


def _invented(rows: pd.DataFrame, years: Sequence[str]) -> list[str]:
    """How much of either survey is demonstration data."""
    words = _("{year}: {share} % of the area is demonstration data.")
    lines = []
    for side, year in zip(("before", "after"), years, strict=True):
        share = reports.percent(
            float(rows[f"demonstration_ha_{side}"].sum()), float(rows[f"area_ha_{side}"].sum())
        )
        if share:
            lines.append(
                words.format(
                    year=year, share=numbers.plain(share, 0 if share >= 1 else 2, state.language())
                )
            )
    return lines


def _net() -> str:
    return _(
        "A net difference of two maps, not a detection of change: which ground turned into which "
        "is not in it, nor what the surveys drew differently."
    )


def _at_place(title: str) -> str:
    return f"{title} · {zone.name(_place(state.choices()))}"


def _about() -> tuple[str, ...]:
    """Zone and surveys, as they stand in the name of a file."""
    return _place(state.choices()), *(_pair() or ())


def _areas(rows: pd.DataFrame, years: Sequence[str]) -> None:
    sides = [
        rows.assign(year=year, area_ha=rows[f"area_ha_{side}"],
                    demonstration_ha=rows[f"demonstration_ha_{side}"])
        for side, year in zip(("before", "after"), years, strict=True)
    ]  # fmt: skip
    both = pd.concat(sides).sort_index(kind="stable").reset_index(drop=True)
    drawn = charts.bars(
        both, label="name", value="area_ha", unit="ha", colour="ecosystem", group="year",
        demonstration="demonstration_ha",
    )  # fmt: skip
    columns = {
        "name": _("Ecosystem"), "year": _("Year"), "area_ha": _("Area (ha)"),
        "demonstration_ha": _("Of it demonstration (ha)"),
    }  # fmt: skip
    charts.show(
        drawn,
        both[list(columns)].rename(columns=columns),
        key="survey_areas",
        title=_at_place(_("Area in both surveys")),
        note=_("Lighter, dashed: demonstration data"),
        name="bluecarbon_areas_two_surveys",
        about=_about(),
    )


def _area_changes(rows: pd.DataFrame, years: Sequence[str]) -> None:
    words = _("Difference in area, {before} to {after}")
    columns = {"name": _("Ecosystem"), "area_ha_change": _("Difference in area (ha)")}
    charts.show(
        charts.changes(rows, label="name", value="area_ha_change", unit="ha"),
        rows[list(columns)].rename(columns=columns),
        key="survey_area_change",
        title=_at_place(words.format(before=years[0], after=years[1])),
        note=_("Green: more; orange: less. No data: not mapped in one of the surveys"),
        name="bluecarbon_area_difference",
        about=_about(),
    )


def _stock_changes(rows: pd.DataFrame, years: Sequence[str]) -> None:
    words = _("Difference in stock, {before} to {after}")
    known = rows[rows["stock_t_c_change"].notna()]
    if known.empty:
        return
    columns = {
        "name": _("Ecosystem"),
        "stock_t_c_change": _("Difference in stock (t C)"),
        "stock_t_c_change_low": _("Lower end (t C)"),
        "stock_t_c_change_high": _("Upper end (t C)"),
    }
    drawn = charts.changes(
        known, label="name", value="stock_t_c_change", unit="t C",
        low="stock_t_c_change_low", high="stock_t_c_change_high",
    )  # fmt: skip
    charts.show(
        drawn,
        known[list(columns)].rename(columns=columns),
        key="survey_stock_change",
        title=_at_place(words.format(before=years[0], after=years[1])),
        note=_("Difference in area × density; so is its interval: both years err together"),
        name="bluecarbon_stock_difference",
        about=_about(),
    )


def _table(rows: pd.DataFrame, change: reports.Difference, years: Sequence[str]) -> Element:
    heads = [_("Ecosystem")]
    heads += [_("Area {year} (ha)").format(year=year) for year in years]
    heads.append(_("Difference in area (ha)"))
    heads += [_("Stock {year} (t C)").format(year=year) for year in years]
    heads += [_("Difference in stock (t C)"), _("Interval (t C)")]
    ends = zip(rows["stock_t_c_change_low"], rows["stock_t_c_change_high"], strict=True)
    area_change, stock_change = rows["area_ha_change"], rows["stock_t_c_change"]
    columns = [
        [*rows["name"], _("Together")],
        *(_amounts(rows[f"area_ha_{side}"], 1) for side in ("before", "after")),
        [_signed(one, 1) for one in (*area_change, area_change.sum(skipna=False))],
        *(_amounts(rows[f"stock_t_c_{side}"], 0) for side in ("before", "after")),
        [_signed(one, 0) for one in (*stock_change, change.value)],
        [*(_between(*one) for one in ends), _between(change.low, change.high)],
    ]
    return elements.table(heads, [list(row) for row in zip(*columns, strict=True)])


def _amounts(values: pd.Series[float], digits: int) -> list[str]:
    """One column, and what is known of its sum: at least, where a part is unknown."""
    language = state.language()
    printed = reports.apportion(values.tolist(), digits)
    total = numbers.plain(float(values.sum(min_count=1)), digits, language)
    if values.isna().any() and values.notna().any():
        total = f"≥ {total}"
    return [*(numbers.plain(one, digits, language) for one in printed), total]


def _signed(value: float, digits: int) -> str:
    if math.isnan(value):
        return numbers.no_data(state.language())
    rounded = round(value, digits)
    if rounded == 0:
        return numbers.plain(0.0, digits, state.language())
    return f"{rounded:+,.{digits}f}".replace("-", MINUS)


def _between(low: float, high: float) -> str:
    if math.isnan(low) or math.isnan(high):
        return numbers.no_data(state.language())
    return f"{_signed(low, 0)} … {_signed(high, 0)}"


def _rules() -> str:
    return _(
        "The same coefficients stand behind both surveys, so their errors are not independent: the "
        "interval of a difference is the difference in area × the interval of the density. The "
        "intervals of the two stocks are not subtracted. The sum of the differences holds what has "
        "a coefficient in both."
    )
