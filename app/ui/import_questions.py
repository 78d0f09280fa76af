"""What the gate has to ask: coordinate system, encoding, datum, dates, layer, columns, words.

Session keys: ``import_crs``, ``import_epsg``, ``import_encoding``, ``import_datum``,
``import_dates``, ``import_layer``, ``import_column_NAME`` and ``import_word_NUMBER``.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Final

import streamlit as st

from bluecarbon_map.ecosystems import ECOSYSTEMS
from bluecarbon_map.gate.kinds import CONTRACTS, Kind, Options
from bluecarbon_map.gate.problems import Inspection, Problem, Severity
from bluecarbon_map.tables import columns
from ui import elements, gate_words, import_map, naming
from ui.import_state import Draft
from ui.library_words import spoken
from ui.words import _

_NONE: Final = ""
_OTHER: Final = "other"
_EPSG: Final = re.compile(r"EPSG:\s?(\d{4,6})")
_QUOTED: Final = re.compile(r"""'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*\"""")
_LEAVE_OUT: Final = "-"
"""Among `Options.words`: rows with that word are not imported."""
SYSTEMS: Final = (
    ("EPSG:4490", "CGCS2000"),
    ("EPSG:4326", "WGS 84"),
    ("EPSG:4549", "CGCS2000 / 3° GK CM 120E"),
    ("EPSG:4528", "CGCS2000 / 3° GK zone 40"),
    ("EPSG:4550", "CGCS2000 / 3° GK CM 123E"),
    ("EPSG:4529", "CGCS2000 / 3° GK zone 41"),
    ("EPSG:32651", "WGS 84 / UTM 51N"),
    ("EPSG:32650", "WGS 84 / UTM 50N"),
    ("EPSG:3857", "Web Mercator"),
)
_ENCODINGS: Final = ("UTF-8", "GB18030", "Big5", "UTF-16")

_WORDS: Final = frozenset({"ecosystem_unknown", "ecosystem_undecided", "ecosystem_by_code"})
_ASKS: Final = {
    "crs": ("crs",),
    "encoding": ("encoding", "mojibake"),
    "datum": ("datum_of_a_service", "datum_doubtful"),
    "dates": ("date",),
    "layer": ("several_", "layer_missing"),
    "columns": ("column_missing", "column_ambiguous", "mapping_", "position_columns"),
    "words": tuple(_WORDS),
}
"""Question → parts of the codes of problems that ask it."""


def asked(found: Inspection) -> set[str]:
    """Questions that the problems of a file ask."""
    codes = [one.code for one in found.problems if one.severity is not Severity.INFO]
    return {
        question
        for question, parts in _ASKS.items()
        if any(part in code for code in codes for part in parts)
    }


def show(draft: Draft, found: Inspection) -> bool:
    """The questions there are, those that matter open; whether anything can be answered."""
    wanted = asked(found)
    fields = _fields(draft, found)
    now = [draw for name, draw in fields.items() if name in wanted]
    later = [draw for name, draw in fields.items() if name not in wanted]
    if now:
        with st.container(border=True, key="import_questions"):
            elements.show(elements.tag("h2", _("Questions about this file"), "part"))
            for draw in now:
                draw(draft, found)
    if later:
        with st.expander(_("Read the file another way")):
            for draw in later:
                draw(draft, found)
    return bool(now or later)


def _fields(draft: Draft, found: Inspection) -> dict[str, Callable[[Draft, Inspection], None]]:
    """Questions that can be answered for this file."""
    fields: dict[str, Callable[[Draft, Inspection], None]] = {
        "crs": _ask_crs, "datum": _ask_datum, "encoding": _ask_encoding, "dates": _ask_dates,
    }  # fmt: skip
    if draft.kind is Kind.RASTER:
        return {"crs": _ask_crs}
    if found.layers:
        fields["layer"] = _ask_layer
    if file_columns(found):
        fields["columns"] = _ask_columns
    if draft.kind in (Kind.HABITATS, Kind.SITES) and unknown_words(draft, found):
        fields["words"] = _ask_words
    return fields


def _chosen(label: str, names: Mapping[str, str], key: str, now: str) -> None:
    """A list that shows what was said last, also after another page."""
    st.session_state.setdefault(key, now if now in names else next(iter(names)))
    st.selectbox(label, list(names), format_func=names.__getitem__, key=key)


def suggested(found: Inspection) -> list[str]:
    """Coordinate systems that the gate names in its problems, the most likely first."""
    texts = [f"{one.message} {one.fix}" for one in found.problems if "crs" in one.code]
    return list(dict.fromkeys(f"EPSG:{code}" for text in texts for code in _EPSG.findall(text)))


def _ask_crs(draft: Draft, found: Inspection) -> None:
    names = dict(SYSTEMS)
    likely = suggested(found)
    options = (_NONE, *dict.fromkeys([*likely, *names]), _OTHER)
    first = draft.options.crs or (likely[0] if likely and found.crs is None else _NONE)

    def name(code: str) -> str:
        if code == _NONE:
            return _("as the file says")
        if code == _OTHER:
            return _("another EPSG number")
        known = f"{code} · {names[code]}" if code in names else code
        return f"{known} ({_('suggested')})" if code in likely[:1] else known

    named = {code: name(code) for code in options}
    _chosen(_("Coordinate system of the file"), named, "import_crs", first)
    for one in found.problems:
        if "crs" in one.code:
            words = _("{what}. {fix}.").format(what=spoken(one.message), fix=spoken(one.fix))
            elements.show(elements.small(words))
    if st.session_state.get("import_crs") == _OTHER:
        st.number_input(_("EPSG number"), 1024, 999999, value=4490, key="import_epsg")


def _ask_datum(draft: Draft, found: Inspection) -> None:
    names = {
        _NONE: _("as the file says: do not convert"),
        "gcj02": _("convert from GCJ-02 (Amap, Tencent)"),
        "bd09": _("convert from BD-09 (Baidu)"),
    }
    now = draft.options.datum or _NONE
    _chosen(_("Shifted web-map coordinates?"), names, "import_datum", now)
    if draft.earlier is not None and draft.options.datum:
        words = _("Before the conversion (grey) and after it (blue); the change is recorded.")
        elements.show(elements.small(words))
        import_map.shifted(draft.earlier, found)


def _ask_encoding(draft: Draft, _found: Inspection) -> None:
    names = {_NONE: _("found by the gate"), **{one: one for one in _ENCODINGS}}
    now = draft.options.encoding or _NONE
    _chosen(_("Encoding of the text"), names, "import_encoding", now)


def _ask_dates(draft: Draft, _found: Inspection) -> None:
    names = {
        _NONE: _("found by the gate"),
        "ymd": _("year, month, day"),
        "dmy": _("day, month, year"),
        "mdy": _("month, day, year"),
    }
    _chosen(_("Order of dates"), names, "import_dates", draft.options.date_order or _NONE)


def _ask_layer(draft: Draft, found: Inspection) -> None:
    names = {one: one for one in found.layers}
    _chosen(_("Layer of the file"), names, "import_layer", draft.options.layer or _NONE)


def file_columns(found: Inspection) -> list[str]:
    """Columns of the file, as far as they are known."""
    used = [source for source in found.mapping.values() if source]
    return list(dict.fromkeys([*used, *found.ignored]))


def _ours(kind: Kind) -> list[str]:
    """Columns that a file may fill."""
    given = {"geometry", "survey_id"} if kind is Kind.HABITATS else {"geometry"}
    return [name for name in columns(CONTRACTS[kind]) if name not in given]


def _ask_columns(draft: Draft, found: Inspection) -> None:
    elements.show(elements.small(_("Which column of your file fills which of ours?")))
    theirs = {_NONE: _("(none)"), **{one: one for one in file_columns(found)}}
    places = st.columns(3, gap="small")
    for at, name in enumerate(_ours(draft.kind)):
        with places[at % 3]:
            now = draft.options.columns.get(name) or found.mapping.get(name) or _NONE
            _chosen(gate_words.column(name), theirs, f"import_column_{name}", now)


def unknown_words(draft: Draft, found: Inspection) -> list[str]:
    """Words of the ecosystem column that need an answer, and those already answered."""
    quoted = (_word(one) for one in found.problems if one.code in _WORDS)
    return list(dict.fromkeys([*draft.options.words, *(one for one in quoted if one)]))


def _word(one: Problem) -> str | None:
    """The word that a problem quotes; None where it quotes none, or only its beginning."""
    match = _QUOTED.search(one.message if one.code == "ecosystem_unknown" else one.fix)
    try:
        word = str(ast.literal_eval(match[0])) if match else None
    except (SyntaxError, ValueError):
        return None
    return None if word is None or word.endswith("…") else word


def _ask_words(draft: Draft, found: Inspection) -> None:
    elements.show(elements.small(_("What do these words of the ecosystem column mean?")))
    names = {
        _NONE: _("choose"),
        **{one: naming.ecosystem_name(one) for one in ECOSYSTEMS},
        _LEAVE_OUT: _("leave these rows out"),
    }
    places = st.columns(3, gap="small")
    for at, word in enumerate(unknown_words(draft, found)):
        with places[at % 3]:
            now = draft.options.words.get(word, _NONE)
            _chosen(naming.plain_text(word), names, f"import_word_{at}", now)


def answered(draft: Draft) -> Options:
    """What was said of the file, with the answers given."""
    found, said = draft.inspection, draft.options
    if found is None:
        return said
    return replace(
        said,
        crs=_crs(said.crs),
        encoding=_answer("import_encoding", said.encoding),
        datum=_answer("import_datum", said.datum),
        date_order=_answer("import_dates", said.date_order),
        layer=_answer("import_layer", said.layer),
        columns=_columns(said, found),
        words=_words(unknown_words(draft, found), said),
    )


def _answer(key: str, before: str | None) -> str | None:
    return (st.session_state[key] or None) if key in st.session_state else before


def _crs(before: str | None) -> str | None:
    chosen = _answer("import_crs", before)
    if chosen == _OTHER:
        return f"EPSG:{int(st.session_state.get('import_epsg', 4490))}"
    return chosen


def _columns(said: Options, found: Inspection) -> dict[str, str]:
    """Columns where the user wants another than the gate took."""
    wanted = dict(said.columns)
    for name in _ours(said.kind):
        chosen = st.session_state.get(f"import_column_{name}")
        if chosen and chosen != found.mapping.get(name):
            wanted[name] = chosen
    return wanted


def _words(words: Iterable[str], said: Options) -> dict[str, str]:
    wanted = dict(said.words)
    for at, word in enumerate(words):
        chosen = st.session_state.get(f"import_word_{at}")
        if chosen:
            wanted[word] = chosen
    return wanted
