"""What lies on the map at one time or at two: layers, their halves' labels, gain and loss."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bluecarbon_map import reports
from ui import (
    cached,
    cached_changes,
    cached_rasters,
    change_addresses,
    layers,
    maps,
    state,
    tile_making,
    times,
)
from ui.words import LANGUAGES, _


def tiles(chosen: state.Choices) -> list[maps.Tiles]:
    """Layers of the time that is looked at: of two, the later one; or what became of the ground.

    Args:
        chosen: What is looked at, as `times.shown` gives it.
    """
    found = layers.tiles(chosen, times.raster_step())
    if not is_change():
        return found
    urls = {"habitats": ("ground", _ground_url(chosen)), "unknown": ("unknown", None)}
    version = cached.workspace().version
    for name, pair in raster_pairs(chosen).items():
        url = change_addresses.raster_url(version, *pair, chosen.ecosystem) if pair else None
        urls[name] = (f"{name}_change", url)
    made = []
    for layer in found:
        name, url = urls.get(layer.name, (layer.name, layer.url))
        if url is not None:
            made.append(replace(layer, name=name, url=url))
    return made


def is_change() -> bool:
    """Whether the map shows what became of the ground between two times."""
    both = times.pair()
    return both is not None and both.way == times.CHANGE


def raster_pairs(chosen: state.Choices) -> dict[str, tuple[str, str] | None]:
    """Rasters whose change is shown, by the word of their layer.

    None where a layer has not one raster at either time: then there is nothing to compare.
    """
    both, version = times.pair(), cached.workspace().version
    if both is None or both.way != times.CHANGE:
        return {}
    places = list(cached_rasters.raster_titles(version, LANGUAGES[0]))
    found: dict[str, tuple[str, str] | None] = {}
    for layer in layers.shown():
        if layer.raster_id is None:
            continue
        word = f"raster{places.index(layer.raster_id)}"
        sides = [times.rasters(layer.raster_id, key) for key in (both.before, both.after)]
        for at in range(max(len(side) for side in sides)):
            found[f"{word}_{at}" if at else word] = None
        single = [side[0] for side in sides if len(side) == 1]
        shown = chosen.demonstration or not any(layers.invented(version, one) for one in single)
        if len(single) == len(sides) and single[0] != single[1] and shown:
            found[word] = (single[0], single[1])
    return found


def beside(chosen: state.Choices) -> maps.Beside | None:
    """The earlier time, where both are shown at once."""
    both, first = times.pair(), earlier(chosen)
    if both is None or first is None:
        return None
    before = layers.tiles(first, both.before)
    return maps.Beside(both.way, before, (_label(both.before), _label(both.after)))


def earlier(chosen: state.Choices) -> state.Choices | None:
    """The choices at the earlier time, where the map shows it in a half of its own."""
    both = times.pair()
    if both is None or both.way == times.CHANGE:
        return None
    return times.at(chosen, both.before)


def surveys() -> tuple[str, str] | None:
    """The surveys whose ground is held against each other; None where there are not two."""
    both = times.pair()
    if both is None or not is_change():
        return None
    line = times.line()
    first, second = (reports.survey_at(line, key) for key in (both.before, both.after))
    return None if first is None or second is None or first == second else (first, second)


def are_too_many() -> bool:
    """Whether there are two surveys, but too large to be held against each other."""
    pair = surveys()
    return pair is not None and cached_changes.are_too_many(cached.workspace().version, *pair)


def no_change() -> str:
    """Said where `surveys` finds none, though gain and loss are asked for."""
    return _("One survey stands for both times, or one has none: no change to tell.")


def no_survey() -> str:
    """Said where no survey is shown: there is none yet, or none up to the time looked at."""
    key = times.now(times.line())
    if key is None or not cached.survey_titles(cached.workspace().version, state.language()):
        return _("There is no survey yet. Put one into the workspace, then come back.")
    return _("There is no survey up to {time}. Choose a later time.").format(time=name_of(key))


def _ground_url(chosen: state.Choices) -> str | None:
    pair = surveys()
    if pair is None or are_too_many():
        return None
    return change_addresses.ground_url(
        cached.workspace().version,
        *pair,
        chosen.ecosystem,
        demonstration=chosen.demonstration,
    )


def ground(chosen: state.Choices) -> reports.GroundChanges | None:
    """What became of the ground of the two surveys; None where there are not two, or too large."""
    pair = surveys()
    if pair is None or are_too_many():
        return None
    return cached_changes.ground(cached.workspace().version, *pair, chosen.demonstration)


def _label(key: str) -> str:
    """What stands on a half of the map: words of ours and numbers, no title of a data file."""
    line = times.line()
    survey = reports.survey_at(line, key)
    own = next(one.survey_id for one in line if one.key == key)
    text = name_of(key)
    if survey is None:
        text = _("{time}: no survey yet").format(time=text)
    elif own is None:
        year = cached.survey_year(cached.workspace().version, survey)
        text = _("{time}: no survey, that of {year} is shown").format(time=text, year=year)
    if state.choices().demonstration and (_invented(survey) or _invented_rasters(key)):
        text += " · " + _("demonstration")
    if layers.visible(layers.PATCHES) and tile_making.is_needed(times.at(state.choices(), key)):
        text += " · " + _("patches not drawn yet")
    return text


def name_of(key: str) -> str:
    """A step of the line of time in words: its year or its day; of several, which one."""
    time, several, place = key.partition("#")
    return f"{time} ({place})" if several else time


def _invented(survey_id: str | None) -> bool:
    """Whether a survey has any ground of demonstration data."""
    areas = cached.measured(cached.workspace().version, survey_id, True)  # noqa: FBT003
    return areas is not None and bool(areas.demonstration_steps.any())


def _invented_rasters(key: str) -> bool:
    version = cached.workspace().version
    return any(
        layers.invented(version, one)
        for raster in visible_series()
        for one in times.rasters(raster, key)
    )


def visible_series() -> Sequence[str]:
    """One visible raster of each series, from the top down."""
    series = cached_changes.raster_series(cached.workspace().version)
    ids = [layer.raster_id for layer in layers.shown() if layer.raster_id is not None]
    found: dict[tuple[str, str, str], str] = {}
    for raster in ids:
        found.setdefault(series[raster], raster)
    return list(found.values())


def raster_line(key: str) -> list[str]:
    """What each visible series shows at a step, and of which year."""
    version, language, said = cached.workspace().version, state.language(), []
    titles = cached_rasters.raster_titles(version, language)
    for raster in visible_series():
        drawn = times.rasters(raster, key)
        if not drawn:
            words = _("Raster: none of this kind up to {time}")
            said.append(words.format(time=name_of(key)))
        for one in drawn:
            year = cached_rasters.raster_passport(version, one)["year"]
            gap = str(year) != key[:4]
            words = (
                _("Raster: none of {time}; shown is that of {year}: {title}")
                if gap
                else _("Raster of {year}: {title}")
            )
            said.append(words.format(time=name_of(key), year=year, title=titles[one]))
    return said
