"""调查: the passport of each survey, and which one the page looks at."""

from __future__ import annotations

from xml.etree.ElementTree import Element

import streamlit as st

from bluecarbon_map import reports
from ui import cached, cached_surveys, elements, naming, numbers, state, times
from ui.words import _


def chosen_bar() -> None:
    """Which survey the board and the changes below are about."""
    titles = cached.survey_titles(cached.workspace().version, state.language())
    with st.container(key="filters"):
        box, _rest = st.columns([1.3, 1.7], gap="small")
    with box:
        st.session_state["choose_survey_card"] = state.choices().survey_id
        st.selectbox(
            _("Survey"),
            list(titles),
            format_func=lambda survey: titles[survey],
            key="choose_survey_card",
            on_change=_take,
        )


def _take() -> None:
    times.choose_survey(st.session_state["choose_survey_card"])


def passports(chosen: state.Choices) -> None:
    """A card a survey, two side by side; demonstration surveys where they are wanted."""
    cards = cached_surveys.cards(cached.workspace().version, state.language())
    shown = [card for card in cards if chosen.demonstration or not card.is_demonstration]
    hidden = len(cards) - len(shown)
    made = [_card(card, looked_at=card.survey_id == chosen.survey_id) for card in shown]
    elements.show(elements.tag("div", "", "passports", *made))
    if hidden:
        words = _("{count} demonstration surveys are hidden; turn them on at the top.")
        elements.show(elements.small(words.format(count=hidden)))


def _card(card: reports.SurveyCard, *, looked_at: bool) -> Element:
    language = state.language()
    mapped = elements.tag(
        "div",
        "",
        "numbers",
        elements.big_number(numbers.area(card.area_ha, language)),
        elements.big_number((f"{card.patches:,}", _("patches"))),
    )
    made = elements.card(
        f"{card.title} · {card.survey_id}",
        mapped,
        *_invented(card),
        elements.facts(_facts(card)),
        badge=naming.provenance_name(card.provenance),
        badge_look="warn" if card.is_demonstration else "",
    )
    if looked_at:
        made.set("class", "card looked-at")
    return made


def _invented(card: reports.SurveyCard) -> list[Element]:
    if not card.demonstration_ha:
        return []
    area = numbers.joined(numbers.area(card.demonstration_ha, state.language()))
    return [elements.small(_("includes {area} of demonstration data").format(area=area))]


def _facts(card: reports.SurveyCard) -> list[tuple[str, str]]:
    unsaid = _("not stated")
    return [
        (_("Kind of survey"), mode_name(card.mode)),
        (_("Year it stands for"), str(card.year)),
        (_("Observed"), _days(card)),
        (_("By what means"), means_name(card.means)),
        (_("Extent looked at"), _extent(card)),
        (_("Changes"), _base(card)),
        (_("Made by"), card.organisation or unsaid),
        (_("Method"), naming.in_language(card.method)),
        (_("Least plant cover"), _percent(card.cover_threshold_percent)),
        (_("Overall accuracy"), _percent(card.accuracy_percent)),
        (_("File"), card.source_file or unsaid),
        (_("SHA-256 of the file"), card.source_sha256 or unsaid),
        (_("Source"), naming.in_language(card.source)),
    ]


def _days(card: reports.SurveyCard) -> str:
    days = [day for day in (card.observed_from, card.observed_to) if day]
    return " – ".join(dict.fromkeys(days)) or _("not stated")


def _extent(card: reports.SurveyCard) -> str:
    if card.extent_ha is None:
        return _("not stated: nothing can be called surveyed")
    area = numbers.joined(numbers.area(card.extent_ha, state.language()))
    return f"{area} ({naming.in_language(card.extent_note)})" if card.extent_note else area


def _base(card: reports.SurveyCard) -> str:
    if card.base_survey_id is None:
        return _("no other survey")
    titles = cached.survey_titles(cached.workspace().version, state.language())
    return titles.get(card.base_survey_id, card.base_survey_id)


def _percent(value: float | None) -> str:
    return _("not stated") if value is None else f"{numbers.compact(value)} %"


def mode_name(mode: str) -> str:
    """Kind of a survey, in words."""
    return {
        "baseline": _("baseline survey"),
        "change": _("change survey"),
        "special": _("special survey"),
        "emergency": _("emergency survey"),
    }[mode]


def means_name(means: str) -> str:
    """What a survey observed with, in words."""
    return {
        "remote_sensing": _("remote sensing"),
        "fixed_station": _("fixed stations"),
        "mobile": _("mobile"),
        "none": _("nothing was observed"),
    }[means]
