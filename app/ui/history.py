"""记录: every change with who, when and from which file; taking one back; holding all to the chain.

Session keys: ``history_chosen`` is the change looked at, ``history_who`` and ``history_reason`` are
typed before one is taken back; ``history_said`` is what happened last, ``history_verified`` what
the last verification found.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import partial
from typing import Any, Final, Literal
from xml.etree.ElementTree import Element

import pandas as pd
import streamlit as st

from bluecarbon_map.errors import BluecarbonError, ConflictError
from bluecarbon_map.export import Bundle, to_bytes
from bluecarbon_map.gate.edits import plain
from bluecarbon_map.store.base import Register
from ui import editing, editor, elements, gate_words, numbers, state
from ui import history_words as words
from ui.library_words import spoken
from ui.words import _

_CHOSEN: Final = "history_chosen"
_SAID: Final = "history_said"
_VERIFIED: Final = "history_verified"
_MOST_FAULTS: Final = 50
_SHORT: Final = 8
"""So many changes are listed without a scroll bar."""


def show() -> None:
    """The list of changes, what one of them did, and whether everything still fits."""
    _told()
    register = editing.opened()
    if register is None:
        _nothing_kept()
        return
    if not editing.allowed():
        editor.closed()
    changes = plain(register.changes())
    _table(changes)
    _tools(register)
    _one(register, {int(row["change_id"]): row for row in changes})


def _nothing_kept() -> None:
    words_ = _(
        "This workspace is a folder of files and keeps no history yet. With the first import or "
        "edit it is copied into a database, and from then on every change stands here."
    )
    elements.show(elements.tag("p", words_, "lacks"))
    if not editing.allowed():
        editor.closed()
    else:
        ways = [
            elements.link(_("Import data"), "import", state.address()),
            elements.link(_("Edit a project"), "projects", state.address()),
        ]
        elements.show(elements.tag("div", "", "ways", *ways))


def _told() -> None:
    last = st.session_state.get(_SAID)
    if last is not None:
        editor.say(last[0], *last[1])


def _said(kind: str, *lines: str) -> None:
    st.session_state[_SAID] = (kind, lines)


# --- the list ------------------------------------------------------------------------------------


def rows(changes: list[dict[str, Any]]) -> pd.DataFrame:
    """Changes as the list shows them, the newest first; every value is text or a number."""
    names = words.kinds()
    return pd.DataFrame(
        [
            {
                _("No."): int(row["change_id"]),
                _("Stored at"): editor.moment(str(row["at"])),
                _("Who"): row["actor"],
                _("Kind of change"): names.get(row["kind"], row["kind"]),
                _("File"): row["source_name"] or "",
                _("Rows changed"): int(row["rows"]),
                _("Reason"): row["reason"] or "",
                _("Undone by"): "" if row["undone_by"] is None else str(int(row["undone_by"])),
            }
            for row in changes
        ]
    )


def _table(changes: list[dict[str, Any]]) -> None:
    if not changes:
        st.info(_("Nothing has been changed in this workspace yet."))
        return
    height: Literal["content"] | int = "content" if len(changes) <= _SHORT else 320
    st.dataframe(rows(changes), hide_index=True, height=height, key="history_table")


def _tools(register: Register) -> None:
    with st.container(key="history_tools", horizontal=True, gap="small"):
        st.download_button(
            _("Audit as CSV"),
            partial(_audit_csv, register),
            file_name="bluecarbon_audit.csv",
            mime="text/csv",
            key="history_csv",
            on_click="ignore",
        )
        st.button(_("Verify the chain"), key="history_verify", on_click=_verify)
    found = st.session_state.get(_VERIFIED)
    if found is not None:
        editor.say(*found)


def _audit_csv(register: Register) -> bytes:
    """Every audit entry, guarded against spreadsheets' formulas."""
    table = register.audit()
    made = Bundle(
        name="bluecarbon_audit", rows=table, dictionary=pd.DataFrame(), notes=(), details={}
    )
    return to_bytes(made, ".csv")


def _verify() -> None:
    register = editing.opened()
    if register is None:
        return
    faults = register.verify()
    if faults:
        listed = [f"{spoken(one.where)}: {spoken(one.what)}" for one in faults[:_MOST_FAULTS]]
        more = len(faults) - len(listed)
        head = _("{n} places do not hold what was written. Restore a backup, and tell us.")
        rest = [_("and {n} more").format(n=more)] if more else []
        st.session_state[_VERIFIED] = ("bad", head.format(n=len(faults)), *listed, *rest)
    else:
        words_ = _("The audit chain is whole: {n} entries, every row and file as it was written.")
        st.session_state[_VERIFIED] = ("good", words_.format(n=f"{len(register.audit()):,}"))


# --- one change ----------------------------------------------------------------------------------


def _one(register: Register, changes: Mapping[int, Mapping[str, Any]]) -> None:
    if not changes:
        return
    chosen = st.session_state.get(_CHOSEN)
    st.session_state[_CHOSEN] = chosen if chosen in changes else next(iter(changes))
    names = {number: _title(number, changes) for number in changes}
    st.selectbox(
        _("Change to look at"),
        list(names),
        format_func=names.__getitem__,
        key=_CHOSEN,
    )
    number = int(st.session_state[_CHOSEN])
    row = changes[number]
    with st.container(key="history_one"):
        cards = [_facts(number, row), *_gate_facts(row["details"] or {})]
        elements.show(elements.tag("div", "", "pair", *cards))
        gate_words.problem_table(_problems(row["details"] or {}), key="history_problems")
        _entries(register, number)
        if editing.allowed():
            _undo(number, row)


def _title(number: int, changes: Mapping[int, Mapping[str, Any]]) -> str:
    row = changes[number]
    kind = words.kinds().get(row["kind"], row["kind"])
    file = f" · {row['source_name']}" if row["source_name"] else ""
    return f"{number} · {kind}{file} · {row['actor']}"


def _facts(number: int, row: Mapping[str, Any]) -> Element:
    pairs = [
        (_("Stored at"), editor.moment(str(row["at"]))),
        (_("Who"), str(row["actor"])),
        (_("Kind of change"), words.kinds().get(row["kind"], row["kind"])),
        (_("Rows changed"), f"{int(row['rows']):,}"),
    ]
    optional = (
        (_("Reason"), row["reason"]),
        (_("File"), row["source_name"]),
        ("SHA-256", row["source_sha256"]),
        (_("Undone by"), row["undone_by"] and _("change {n}").format(n=int(row["undone_by"]))),
    )
    pairs += [(name, str(value)) for name, value in optional if value]
    return elements.card(_("Change {n}").format(n=number), elements.facts(pairs))


def _gate_facts(details: Mapping[str, Any]) -> list[Element]:
    """What the gate read and mended, for an import; nothing for other changes."""
    pairs = gate_words.area_pairs(details)
    pairs += gate_words.mapped(details.get("mapping") or {})
    return [elements.card(_("What the gate read"), elements.facts(pairs))] if pairs else []


def _problems(details: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    found = details.get("problems")
    return list(found) if isinstance(found, list) else []


def _entries(register: Register, number: int) -> None:
    """Audit entries of a change; of an edit what stood there before and after."""
    audit = register.audit()
    found = plain(audit[audit["change_id"] == number])
    edited = [pair for row in found for pair in _edited(row)]
    if edited:
        elements.show(elements.card(_("What changed"), elements.facts(edited)))
    with st.expander(_("Audit entries ({n})").format(n=len(found))):
        table = pd.DataFrame(
            [
                {
                    _("Entry"): row["entry_no"],
                    _("Table"): words.table(str(row["table_name"])),
                    _("What"): row["action"],
                    _("Key"): row["key"] or "",
                    _("Rows"): row["rows"],
                    _("Before"): row["before"] or "",
                    _("After"): row["after"] or "",
                    _("Hash"): row["hash"],
                }
                for row in found
            ]
        )
        st.dataframe(table, hide_index=True, key="history_entries")


def _edited(row: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Fields that an edit changed, before and after."""
    if row["action"] != "edit" or not row["before"] or not row["after"]:
        return []
    before, after = json.loads(row["before"]), json.loads(row["after"])
    return [
        (gate_words.column(name), f"{_shown(before.get(name))} → {_shown(value)}")
        for name, value in after.items()
        if value != before.get(name)
    ]


def _shown(value: Any) -> str:  # noqa: ANN401
    return numbers.no_data(state.language()) if value is None else str(value)


# --- taking back ---------------------------------------------------------------------------------


def _undo(number: int, row: Mapping[str, Any]) -> None:
    if row["undone_by"] is not None:
        words_ = _("It was taken back. To have it again, choose change {n} and undo that one.")
        elements.show(elements.small(words_.format(n=int(row["undone_by"]))))
        return
    if row["kind"] == "begin":
        elements.show(elements.small(_("With this one the workspace began: it stays.")))
        return
    again = row["kind"] == "undo"
    with st.container(border=True, key="history_undo"):
        who, why = st.columns([1, 1.6], gap="small")
        with who:
            editor.ask_name("history_who")
        with why:
            st.text_input(_("Reason"), key="history_reason", placeholder=_("may stay empty"))
        label = _("Redo: bring it back") if again else _("Undo this change")
        st.button(label, key="history_take_back", on_click=take_back, args=(number,))
        elements.show(
            elements.small(
                _("Totals become what they were before it; the history keeps both changes.")
            )
        )


def take_back(number: int) -> None:
    """Undo a change, or say why it cannot be."""
    editor.take_name(str(st.session_state.get("history_who", editor.name())))
    register = editing.opened()
    if register is None:
        return
    if not editor.name():
        _said("bad", _("Nothing was undone: your name is missing."), _("Fill it in below."))
        return
    reason = str(st.session_state.get("history_reason", "")).strip() or None
    try:
        made = register.undo(number, actor=editor.name(), reason=reason)
    except ConflictError as moved:
        _said("bad", *_later(moved))
    except BluecarbonError as refused:
        _said("bad", _("Nothing was undone."), *editor.refusal(refused))
    else:
        st.session_state.pop(_CHOSEN, None)
        st.session_state.pop(_VERIFIED, None)
        st.session_state["history_reason"] = ""
        done = _("Change {old} is taken back by change {new}.")
        _said("good", done.format(old=number, new=made.change_id))


def _later(moved: ConflictError) -> list[str]:
    who = _("by {who}").format(who=moved.by) if moved.by else ""
    where = " · ".join((words.table(moved.table), *moved.key))
    said = _("Nothing was undone: a later change rests on it ({where} {who}).")
    return [said.format(where=where, who=who), _("Undo the later change first.")]
