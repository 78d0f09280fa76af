"""调查: what the workspace is called and opens with, for who may write.

Session keys: ``opening_<field>`` hold what is chosen, ``opening_seen`` the version it was chosen
against, ``opening_said`` what came of the last attempt.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Final

import streamlit as st

from bluecarbon_map.errors import BluecarbonError
from bluecarbon_map.factors import set_titles
from bluecarbon_map.gate import describing
from ui import cached, editing, editor, naming, state
from ui.words import _

_SAID: Final = "opening_said"
_SEEN: Final = "opening_seen"


def section() -> None:
    """A form with what it says now; nothing where the workspace is only read."""
    register = editing.opened()
    if register is None or not editing.allowed():
        return
    now, version = describing.described(register)
    # First look, back from another page (fields that are not drawn are forgotten), or somebody
    # wrote: what holds now.
    if st.session_state.get(_SEEN) != version or _key("name_zh") not in st.session_state:
        st.session_state[_SEEN] = version
        for name, text in asdict(now).items():
            st.session_state[_key(name)] = text or ""
    said = st.session_state.pop(_SAID, None)
    with st.expander(_("What this workspace is called and opens with"), expanded=said is not None):
        if said is not None:
            editor.say(*said)
        _fields()
        with st.container(horizontal=True, vertical_alignment="bottom"):
            editor.ask_name("opening_who")
            st.text_input(_("Reason"), key="opening_reason", placeholder=_("may stay empty"))
            st.button(_("Save"), key="opening_save", type="primary", on_click=_save)


def _key(name: str) -> str:
    return f"opening_{name}"


def _fields() -> None:
    version, language = cached.workspace().version, state.language()
    usual = {"": _("the usual one")}
    surveys = usual | cached.survey_titles(version, language)
    plans = usual | cached.plan_titles(version, language)
    left, right = st.columns(2, gap="small")
    with left:
        _text(_("Name (Chinese)"), "name_zh")
        _choice(_("Survey to begin with"), "default_survey_id", surveys)
        _choice(_("Coefficients"), "factor_set", _sets())
    with right:
        _text(_("Name (English)"), "name_en")
        _choice(_("Plan to begin with"), "default_plan_id", plans)
        _text(
            _("Map review number (审图号)"), "map_review_number",
            _("Stands on the map, in print and in exports"),
        )  # fmt: skip


def _sets() -> dict[str, str]:
    """The named sets, and what is used now even if that is a user's own file."""
    used = str(st.session_state[_key("factor_set")])
    return {one: naming.factor_title(one) for one in dict.fromkeys((*set_titles(), used))}


def _text(label: str, name: str, about: str | None = None) -> None:
    st.text_input(label, key=_key(name), max_chars=describing.LONGEST, help=about)


def _choice(label: str, name: str, titles: dict[str, str]) -> None:
    if st.session_state[_key(name)] not in titles:  # taken back since
        st.session_state[_key(name)] = ""
    st.selectbox(label, list(titles), format_func=lambda one: titles[one], key=_key(name))


def _save() -> None:
    """Store what differs from what it says, or say why not."""
    editor.take_name(str(st.session_state.get("opening_who", editor.name())))
    register = editing.opened()
    if register is None:
        return
    if not editor.name():
        lacks = _("Nothing was stored: your name is missing."), _("Fill it in below.")
        st.session_state[_SAID] = ("bad", *lacks)
        return
    now = asdict(describing.described(register)[0])
    typed = {name: str(st.session_state[_key(name)]).strip() for name in describing.CHANGEABLE}
    wanted: dict[str, str | None] = {
        name: text for name, text in typed.items() if text != (now[name] or "")
    }
    reason = str(st.session_state.get("opening_reason", "")).strip() or None
    try:
        made = describing.describe(
            register, wanted, seen=st.session_state[_SEEN], actor=editor.name(), reason=reason
        )
    except BluecarbonError as refused:
        st.session_state[_SAID] = ("bad", _("Nothing was stored."), *editor.refusal(refused))
    else:
        cached.look_anew()
        words = _("Stored as change {number}.").format(number=made.change_id)
        st.session_state[_SAID] = ("good", words)
