"""Caches of what draws the patches of a survey, kept until a patch of that survey changes."""

from __future__ import annotations

from bluecarbon_map.reports import tiling
from bluecarbon_map.tiles import HabitatLayer, Tile
from bluecarbon_map.tiles.building import kind, vector_tile
from bluecarbon_map.tiles.patches import PatchTiles
from ui import cached
from ui.keeping import shared

Drawer = HabitatLayer | PatchTiles
"""Draws the patches of a survey."""


class NotMadeError(LookupError):
    """The tiles of a large survey have not been made yet."""


@shared(most=64)
def survey_version(version: str, survey_id: str) -> str:
    """Version of a survey's patches and of how they are drawn.

    It outlives changes elsewhere in the workspace; browsers keep tiles by it.
    """
    del version
    return cached.workspace().habitats_version(survey_id) + kind()


@shared(most=32)
def is_large(own: str, survey_id: str) -> bool:
    """Whether the patches of a survey in a version of it are too many to be drawn from memory."""
    del own
    return tiling.is_large(cached.workspace(), survey_id)


def ready(own: str, survey_id: str) -> bool:
    """Whether the patches of a survey can be drawn."""
    try:
        drawer(own, survey_id)
    except NotMadeError:
        return False
    return True


@shared(most=8)
def drawer(own: str, survey_id: str) -> Drawer:
    """Draws the patches of a survey in a version of it.

    Raises:
        NotMadeError: If its tiles have to be made first.
    """
    if not is_large(own, survey_id):
        return HabitatLayer(cached.workspace().habitats(survey_id))
    made = tiling.tiles_of(cached.workspace(), survey_id)
    if made is None:
        raise NotMadeError(survey_id)
    return made


def vector(own: str, survey_id: str, tile: Tile) -> bytes:
    """A vector tile, compressed with gzip; empty where nothing is on it.

    Raises:
        NotMadeError: If the tiles of the survey have to be made first.
    """
    made = drawer(own, survey_id)
    if isinstance(made, PatchTiles):
        return made.vector(tile)
    return vector_tile(tiling.near(cached.workspace(), survey_id), tile)
