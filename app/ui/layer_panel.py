"""The panel of layers: what is shown, how strong, in which order, and where it comes from."""

from __future__ import annotations

from typing import Any, Final
from xml.etree.ElementTree import Element

import streamlit as st

from bluecarbon_map.tables import Provenance
from ui import (
    cached,
    cached_rasters,
    downloads,
    elements,
    engine_choice,
    layers,
    naming,
    numbers,
    raster_facts,
    state,
    tianditu,
)
from ui.words import _

_ON: Final = "layer_on_"
_STRENGTH: Final = "layer_strength_"


def drawer() -> None:
    """A button that opens the panel; made only when it is open."""
    drawn = st.popover(_("Layers"), key="layers", on_change="rerun", width="stretch")
    if drawn.open:
        with drawn, st.container(key="layer_panel"):
            panel()


def notice() -> None:
    """What the address asks for and is no layer here."""
    unknown = layers.stack()[1]
    if unknown:
        words = _("No such layer, left out: {layers}")
        said = words.format(layers=", ".join(word[:40] for word in unknown))
        elements.show(elements.tag("div", said, "notices", role="status"))


def panel() -> None:
    """Groups of layers, each from the top down."""
    stack = layers.stack()[0]
    for title, members in _groups(stack):
        elements.show(elements.tag("div", title, "layer-group"))
        if not members:
            elements.show(elements.small(_("None in this workspace.")))
        for layer in members:
            _row(layer, stack)
    st.button(
        _("Back to the usual layers"),
        key="layers_usual",
        type="tertiary",
        on_click=state.put,
        args=(state.LAYERS, None),
        disabled=stack == layers.known(),
    )
    engine_choice.switch()


def _groups(stack: list[layers.Layer]) -> list[tuple[str, list[layers.Layer]]]:
    rasters = [layer for layer in stack if layer.raster_id is not None]
    return [
        (_("Zone lines"), [layer for layer in stack if layer.name in layers.LINES]),
        (
            _("Ecosystems"),
            [layer for layer in stack if layer.name in (layers.PATCHES, layers.UNKNOWN)],
        ),
        (_("Rasters"), rasters),
        (_("Ground"), [layer for layer in stack if layer.name in (layers.BASE, tianditu.LAYER)]),
    ]


def _row(layer: layers.Layer, stack: list[layers.Layer]) -> None:
    """One layer: its switch and order, its strength while it is shown, what it is."""
    off = _switched_off(layer)
    with st.container(horizontal=True, wrap=False, vertical_alignment="center", gap="small"):
        st.session_state[_ON + layer.name] = layer.visible and not off
        st.checkbox(
            title(layer),
            key=_ON + layer.name,
            on_change=_take_switch,
            args=(layer.name,),
            disabled=off,
            width="stretch",
        )
        if layer.visible and layer.name != layers.BASE and not off:
            _order(layer, stack)
    if layer.visible and not off:
        st.session_state[_STRENGTH + layer.name] = layer.opacity
        st.slider(
            _("Strength of {layer}").format(layer=title(layer)),
            0,
            100,
            step=5,
            format="%d%%",
            key=_STRENGTH + layer.name,
            on_change=_take_strength,
            args=(layer.name,),
            label_visibility="collapsed",
        )
    elements.show(_about(layer, off=off))


def _switched_off(layer: layers.Layer) -> bool:
    """Demonstration rasters follow the switch of all demonstration data."""
    raster, version = layer.raster_id, cached.workspace().version
    return (
        raster is not None
        and not state.choices().demonstration
        and layers.invented(version, raster)
    )


def _order(layer: layers.Layer, stack: list[layers.Layer]) -> None:
    ways = ((1, _("Up"), _("Move up: {layer}")), (-1, _("Down"), _("Move down: {layer}")))
    for step, label, words in ways:
        st.button(
            label,
            key=f"layer_{'up' if step > 0 else 'down'}_{layer.name}",
            help=words.format(layer=title(layer)),
            type="tertiary",
            on_click=_take_order,
            args=(layer.name, step),
            disabled=layers.raised(stack, layer.name, step) == stack,
        )


def title(layer: layers.Layer) -> str:
    """Name of a layer, in words of the page; a raster's own title as plain text."""
    version, language = cached.workspace().version, state.language()
    if layer.raster_id is not None:
        return naming.plain_text(cached_rasters.raster_titles(version, language)[layer.raster_id])
    if layer.name == layers.PATCHES:
        return _("Mapped patches of the survey")
    if layer.name == layers.UNKNOWN:
        return _("Not surveyed (unknown, not zero)")
    return {
        "cities": _("Lines of cities"),
        "counties": _("Lines of counties"),
        tianditu.LAYER: _("Tianditu, from the internet"),
        layers.BASE: _("Land, sea and names"),
    }[layer.name]


def _about(layer: layers.Layer, *, off: bool) -> Element:
    """Title, year, kind of record, source, terms and method of a layer, folded away."""
    pairs = [(name, value) for name, value in _facts(layer) if value]
    if off:
        pairs.insert(0, (_("Note"), _("Demonstration data are turned off at the top")))
    marks = [elements.tag("span", _("demonstration"), "badge warn")] if _invented(layer) else []
    files = [] if off else _files(layer)
    return elements.tag(
        "details",
        "",
        "about",
        elements.tag("summary", _("About"), "", *marks),
        elements.facts(pairs),
        *files,
    )


def _files(layer: layers.Layer) -> list[Element]:
    """The file a layer is drawn from, where there is one."""
    survey = state.choices().survey_id
    if layer.raster_id is not None:
        return [raster_facts.file_link(layer.raster_id)]
    size = downloads.patches_size(survey) if layer.name == layers.PATCHES and survey else None
    if survey is None or size is None:
        return []
    words = _("All patches as tiles (PMTiles), {mb} MB")
    said = words.format(mb=numbers.plain(size / 1e6, 1, state.language()))
    return [elements.file_link(said, downloads.patches_url(survey))]


def _invented(layer: layers.Layer) -> bool:
    version, survey = cached.workspace().version, state.choices().survey_id
    if layer.raster_id is not None:
        return layers.invented(version, layer.raster_id)
    if layer.name != layers.PATCHES or survey is None:
        return False
    return bool(_survey(survey)["provenance"] == Provenance.DEMONSTRATION)


def _facts(layer: layers.Layer) -> list[tuple[str, str]]:
    version = cached.workspace().version
    if layer.raster_id is not None:
        return _raster_facts(cached_rasters.raster_passport(version, layer.raster_id))
    if layer.name == layers.PATCHES:
        survey = state.choices().survey_id
        return _survey_facts(_survey(survey)) if survey else []
    if layer.name == layers.UNKNOWN:
        return _extent_facts()
    if layer.name == layers.BASE:
        return [
            (_("Source"), _("Digital Chart of the World, GMT (DCW-GMT)")),
            (_("Terms"), "LGPL-3"),
            (_("Note"), _("Lines are indicative; they are no legal boundaries")),
        ]
    if layer.name == tianditu.LAYER:
        return [
            (_("Source"), tianditu.credit()),
            (
                _("Terms"),
                _("Those of the service; its review number is shown on the map")
                if tianditu.review_number()
                else _("Those of the service; this server states no review number for it"),
            ),
            (_("Note"), _("Your browser fetches these tiles from tianditu.gov.cn itself")),
        ]
    zones = cached.workspace().zones()
    kinds, sources = zones["provenance"].unique(), zones["source"].unique()
    return [
        (_("Record"), _("; ").join(naming.provenance_name(kind) for kind in kinds)),
        (_("Source"), _("; ").join(naming.in_language(source) for source in sources)),
        (_("Note"), _("Drawn on land only: at sea they would look like sea borders")),
    ]


def _survey(survey_id: str) -> dict[str, Any]:
    """Passport of a survey; what is not stated is None."""
    surveys = cached.workspace().surveys()
    row = surveys[surveys["survey_id"] == survey_id].iloc[0]
    return {str(key): value for key, value in row.astype(object).where(row.notna(), None).items()}


def _raster_facts(passport: dict[str, Any]) -> list[tuple[str, str]]:
    return [
        (_("Year"), str(passport["year"])),
        (_("Shows"), passport[f"quantity_{state.language()}"] or _("classes of ecosystems")),
        (_("Unit"), passport["unit"] or ""),
        *_record(passport),
        (_("Terms"), naming.in_language(passport["licence"])),
        (_("Method"), naming.in_language(passport["method"])),
    ]


def _survey_facts(passport: dict[str, Any]) -> list[tuple[str, str]]:
    return [
        (_("Survey"), str(passport[f"title_{state.language()}"])),
        (_("Year"), str(passport["year"])),
        (_("Made by"), passport["organisation"] or ""),
        *_record(passport),
        (_("Method"), naming.in_language(passport["method"])),
    ]


def _extent_facts() -> list[tuple[str, str]]:
    """Where the extent of the chosen survey comes from, or that it states none."""
    survey, extents = state.choices().survey_id, cached.workspace().extents()
    own = extents[extents["survey_id"] == survey]
    if own.empty:
        return [(_("Note"), _("This survey does not say which ground it looked at"))]
    row = own.astype(object).where(own.notna(), None).iloc[0]
    return [
        (_("Source"), naming.in_language(row["source"])),
        (_("Note"), naming.in_language(row["note"] or "")),
    ]


def _record(passport: dict[str, Any]) -> list[tuple[str, str]]:
    return [
        (_("Record"), naming.provenance_name(passport["provenance"])),
        (_("Source"), naming.in_language(passport["source"])),
    ]


def _take_switch(name: str) -> None:
    _change(name, visible=bool(st.session_state[_ON + name]))


def _take_strength(name: str) -> None:
    _change(name, opacity=int(st.session_state[_STRENGTH + name]))


def _take_order(name: str, step: int) -> None:
    layers.keep(layers.raised(layers.stack()[0], name, step))


def _change(name: str, *, visible: bool | None = None, opacity: int | None = None) -> None:
    """Another state of one layer, as it stands in the address now."""
    stack = layers.stack()[0]
    old = next(layer for layer in stack if layer.name == name)
    new = layers.Layer(
        name,
        visible=old.visible if visible is None else visible,
        opacity=old.opacity if opacity is None else opacity,
    )
    layers.keep(layers.changed(stack, new))
