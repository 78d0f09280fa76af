"""An own area from a file: through the gate, in its confined process; nothing is stored."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any, Final

import streamlit as st

from bluecarbon_map.errors import BluecarbonError
from bluecarbon_map.gate.outlines import check_outlines, outlines_of
from bluecarbon_map.gate.problems import Inspection, Severity, Verdict
from bluecarbon_map.gate.region import region_of
from bluecarbon_map.reports.own_area import OwnArea, own_area
from ui import cached, editor, gate_codes, gate_words, import_check, own_state, panels, state
from ui.import_questions import SYSTEMS
from ui.library_words import spoken
from ui.words import _

MOST_MB: Final = 20
_LOOKED: Final = "own_file_looked"
"""Session key of what was found in the last file, and of what it was read as."""
_TOLD: Final = (Severity.REPAIR, Severity.WARNING)


def field() -> None:
    """A field for a file; what is asked of it, and what became of it."""
    key = f"own_file_{own_state.file_round()}"
    file = st.file_uploader(
        _("Outline from a file (GeoJSON, KML, zipped shapefile, GeoPackage)"),
        key=key,
        max_upload_size=MOST_MB,
    )
    if file is None:
        st.session_state.pop(_LOOKED, None)
        return
    said = _answers(st.session_state.get(_LOOKED))
    wanted = (file.file_id, *said)
    looked = st.session_state.get(_LOOKED)
    if looked is None or looked[0] != wanted:
        with st.spinner(_("The file is being checked")):
            looked = (wanted, *_checked(file.name, file.getvalue(), *said))
        st.session_state[_LOOKED] = looked
        if _asks(looked[1]):
            panels.run_again()  # the questions stand above what was found
    _take(looked[1], looked[2], answered=said[1] is not None)


def _asks(found: Inspection) -> set[str]:
    """What has to be said of a file: its system, its datum."""
    codes = [one.code for one in found.problems if one.severity is not Severity.INFO]
    asked = {"crs"} if any(code.startswith("crs") for code in codes) else set()
    return asked | ({"datum"} if any(code.startswith("datum_") for code in codes) else set())


def _answers(looked: Any) -> tuple[str | None, str | None]:  # noqa: ANN401 (of the session)
    """Questions that the file asked when it was looked at before, and what was said."""
    asked = _asks(looked[1]) if looked else set()
    crs, datum = (looked[0][1], looked[0][2]) if looked else (None, None)
    if "crs" in asked or crs:
        systems = {"": _("choose"), **{code: f"{name} ({code})" for code, name in SYSTEMS}}
        crs = st.selectbox(
            _("Coordinate system"), list(systems), format_func=lambda one: systems[one],
            key="own_file_crs",
        ) or None  # fmt: skip
    if "datum" in asked or datum:
        ways = {
            "": _("choose"),
            "as_is": _("It lies right as it is"),
            "gcj02": _("Convert from GCJ-02"),
            "bd09": _("Convert from BD-09"),
        }
        datum = st.selectbox(
            _("It looks like coordinates of a map service"), list(ways),
            format_func=lambda one: ways[one], key="own_file_datum",
        ) or None  # fmt: skip
    return crs, datum


def _checked(
    name: str, content: bytes, crs: str | None, datum: str | None
) -> tuple[Inspection, OwnArea | None]:
    """What the gate says, and the area where there is one."""
    store = cached.workspace()
    with tempfile.TemporaryDirectory(prefix="bluecarbon-own-") as folder:
        path = Path(folder) / "upload"
        path.write_bytes(content)
        found = check_outlines(
            path, name, region_of(store), work=Path(folder), crs=crs,
            datum=None if datum == "as_is" else datum, nursery=import_check.nursery("own"),
        )  # fmt: skip
        if found.verdict is Verdict.REJECT:
            return found, None
        try:
            return found, own_area(outlines_of(found), Path(found.name).stem)
        except BluecarbonError as problem:
            editor.say("bad", *editor.refusal(problem))
            return found, None


def _take(found: Inspection, area: OwnArea | None, *, answered: bool) -> None:
    """Take the area in, once nothing is left to ask."""
    if area is None or ("datum" in _asks(found) and not answered):
        gate_words.problem_table(gate_words.as_maps(found.problems), key="own_file_problems")
        return
    if own_state.add(area):
        state.turn_to(area.shape.bounds)
        names = gate_codes.codes()
        lines = [
            f"{names.get(one.code, one.code)}: {spoken(one.message)}"
            for one in found.problems
            if one.severity in _TOLD
        ]
        own_state.say("warn" if lines else "good", _("The area of the file was taken."), *lines)
    st.session_state.pop(_LOOKED, None)
    own_state.next_file()
    panels.run_again()
