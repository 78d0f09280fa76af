"""Adding an own coefficient, changing or retiring one, and what two people did at the same time."""

from __future__ import annotations

from typing import Any, Final

import streamlit as st

from bluecarbon_map.errors import BluecarbonError, ConflictError, FactorError, InputError
from bluecarbon_map.gate.edits import fields
from bluecarbon_map.gate.factor_edits import (
    beginnings,
    checked,
    doubts,
    own_factors,
    retire_factor,
    save_factor,
)
from ui import cached, editing, editor, elements, factor_form, factor_state, state
from ui.library_words import spoken
from ui.words import _

_NEW: Final = ""
_CHOSEN: Final = "factor_chosen"


def choose(own: dict[str, dict[str, Any]]) -> None:
    """The list: own ones to change, published ones to make a new version of, or a new one."""
    opened = factor_state.draft()
    options = list(dict.fromkeys([_NEW, *own, *beginnings()]))
    chosen = None if opened is None else opened.factor_id or _NEW
    if chosen is not None and chosen not in options:
        options.append(chosen)
    st.session_state[_CHOSEN] = chosen
    st.selectbox(
        _("Coefficient to add or to change"),
        options,
        index=None,
        format_func=lambda one: _option(one, own),
        placeholder=_("Choose one, or add a new one"),
        key=_CHOSEN,
        on_change=_open,
    )


def _option(one: str, own: dict[str, dict[str, Any]]) -> str:
    if one == _NEW:
        return _("+ A new coefficient")
    words = _("own: {id}") if one in own else _("new version of: {id}")
    return words.format(id=one)


def _open() -> None:
    chosen = st.session_state[_CHOSEN]
    if chosen is None:
        factor_state.close()
    elif chosen == _NEW:
        factor_state.open_draft(None, {}, None)
    else:
        start(chosen)


def start(factor_id: str) -> None:
    """Open a coefficient as it stands now: the own one, else the published one to begin with."""
    cached.look_anew()
    store, register = cached.workspace(), editing.opened()
    # Before the row: whoever changes it between the two is a conflict then, and not overlooked. The
    # copy of a folder of files begins with every record at its first version.
    known = 1 if register is None else register.versions("factors").get((factor_id,))
    own = own_factors(store).get(factor_id)
    seen = None if own is None else known
    row = own or beginnings().get(factor_id)
    if row is not None:
        factor_state.open_draft(factor_id, row, seen)


def form(own: dict[str, dict[str, Any]]) -> None:
    """The form of the one that was chosen, or the version that came between."""
    opened = factor_state.draft()
    if opened is None:
        return
    with st.container(border=True, key="factor_form"):
        if opened.moved is not None:
            _conflict(opened)
            return
        factor_form.fields(opened)
        editor.ask_name("factor_who")
        st.session_state.setdefault("factor_reason", opened.reason)  # away during a conflict
        st.text_input(
            _("Reason of the change"), key="factor_reason", max_chars=500, placeholder=_("needed")
        )
        _doubted(opened)
        with st.container(horizontal=True):
            st.button(_("Save"), key="factor_save", type="primary", on_click=_save)
            st.button(_("Leave it as it was"), key="factor_leave", on_click=factor_state.close)
            if opened.factor_id in own:
                st.button(_("Retire it"), key="factor_retire", on_click=_retire)


def _doubted(opened: factor_state.Draft) -> None:
    if not opened.doubts:
        return
    editor.say("warn", *(zh if state.language() == "zh" else en for zh, en in opened.doubts))
    st.checkbox(_("I have checked it: it is so"), key="factor_sure")


def _save() -> None:
    """Store what stands in the form; a newer version of somebody else is shown, not lost."""
    opened = factor_state.draft()
    if opened is not None:
        opened.mine, opened.reason = factor_state.typed(), _reason()
        _store(opened, opened.mine, opened.seen)


def _store(opened: factor_state.Draft, values: dict[str, Any], seen: int | None) -> None:
    if not _may_store():
        return
    sure = bool(st.session_state.get("factor_sure"))
    try:
        table = checked(cached.workspace(), values)
        opened.doubts = tuple((one.zh, one.en) for one in doubts(cached.workspace(), table))
        if opened.doubts and not sure:
            factor_state.said(_("Nothing was stored: look at the doubts, then confirm them."))
            return
        register, copied = editing.register()
        made = save_factor(
            register, values, seen=seen, actor=editor.name(), reason=_reason(),
            doubts_confirmed=sure,
        )  # fmt: skip
    except ConflictError as moved:
        opened.moved, opened.theirs = moved, own_factors(cached.workspace()).get(moved.key[0])
        factor_state.said()
    except BluecarbonError as refused:
        factor_state.said(_("Nothing was stored."), *_refusal(refused))
    else:
        start(str(values["factor_id"]))
        _stored(made.change_id, copied)


def _stored(change_id: int, copied: str | None) -> None:
    stored = _("Stored as change {number}.").format(number=change_id)
    factor_state.said(stored, copied or "", kind="good")


def _may_store() -> bool:
    """Whether name and reason are there; says which is missing."""
    editor.take_name(str(st.session_state.get("factor_who", editor.name())))
    if not editor.name():
        factor_state.said(_("Nothing was stored: your name is missing."), _("Fill it in above."))
    elif not _reason():
        factor_state.said(_("Nothing was stored: the reason is missing."), _("Fill it in above."))
    else:
        return True
    return False


def _reason() -> str:
    return str(st.session_state.get("factor_reason", "")).strip()


def _refusal(problem: BluecarbonError) -> list[str]:
    if isinstance(problem, InputError) and problem.column in factor_form.labels():
        label = factor_form.labels()[problem.column]
        return [_("The field “{field}” cannot be stored like this.").format(field=label),
                spoken(problem.reason)]  # fmt: skip
    if isinstance(problem, FactorError | InputError):
        return [spoken(problem.reason), spoken(problem.fix)]
    return editor.refusal(problem)


def _retire() -> None:
    opened = factor_state.draft()
    if opened is None or opened.factor_id is None or not _may_store():
        return
    try:
        register, copied = editing.register()
        made = retire_factor(
            register, opened.factor_id, seen=opened.seen or 1, actor=editor.name(), reason=_reason()
        )
    except ConflictError as moved:
        opened.mine, opened.reason = factor_state.typed(), _reason()
        opened.moved, opened.theirs = moved, own_factors(cached.workspace()).get(moved.key[0])
        factor_state.said()
    except BluecarbonError as refused:
        factor_state.said(_("Nothing was stored."), *_refusal(refused))
    else:
        factor_state.close()
        _stored(made.change_id, copied)


# --- two editors ----------------------------------------------------------------------------------


def _conflict(opened: factor_state.Draft) -> None:
    """What somebody else stored in between beside what was typed here; nothing is lost."""
    moved, mine = opened.moved, opened.mine or {}
    if moved is None:
        return
    who, when = moved.by or _("somebody"), editor.moment(moved.at) if moved.at else ""
    editor.say(
        "warn",
        _("{who} stored this coefficient while you had it open ({when}).").format(
            who=who, when=when
        ),
        _("Nothing of yours is lost and nothing was stored. Choose one of the two."),
    )
    known = factor_form.labels()
    rows = [
        [known[one.column], *(factor_form.value(one.column, value)
                              for value in (one.before, one.theirs, one.mine))]
        for one in fields(opened.before, opened.theirs or {}, mine, factor_state.COLUMNS)
    ]  # fmt: skip
    heads = [_("Field"), _("When you opened it"), _("Theirs, stored now"), _("Mine, not stored")]
    made = elements.table(heads, rows)
    made.set("class", "facts worded")
    elements.show(elements.tag("div", "", "scrolling", made))
    with st.container(horizontal=True):
        st.button(_("Go on with mine"), key="factor_mine", type="primary", on_click=_keep_mine)
        st.button(_("Keep theirs, drop mine"), key="factor_theirs", on_click=_keep_theirs)


def _keep_mine() -> None:
    """Back to the form with what was typed, over the version that is stored now."""
    opened = factor_state.draft()
    if opened is None or opened.moved is None:
        return
    opened.seen, opened.before = opened.moved.found, opened.theirs or {}
    opened.moved = opened.theirs = None
    factor_state.fill(opened.mine or {})
    factor_state.said(
        _("Your values stand in the form, over the newer version: look at them, then save."),
        kind="warn",
    )


def _keep_theirs() -> None:
    opened = factor_state.draft()
    if opened is not None and opened.theirs is not None and opened.moved is not None:
        start(opened.moved.key[0])
    else:
        factor_state.close()
