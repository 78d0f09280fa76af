"""Closed lists of words that tables hold."""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class Provenance(StrEnum):
    """Where a record comes from; decides what may enter an official figure."""

    SURVEY = "survey"
    PUBLISHED = "published"
    INDICATIVE = "indicative"
    DEMONSTRATION = "demonstration"


class Level(StrEnum):
    """Administrative level of a zone."""

    PROVINCE = "province"
    CITY = "city"
    COUNTY = "county"
    OTHER = "other"


class Indicator(StrEnum):
    """What a restoration target counts."""

    COASTAL_WETLAND_RESTORED = "coastal_wetland_restored"
    MANGROVE_NEW = "mangrove_new"
    MANGROVE_RESTORED = "mangrove_restored"
    SHORELINE_RESTORED = "shoreline_restored"


class RasterKind(StrEnum):
    """What the pixels of a raster hold."""

    CLASSES = "classes"
    CONTINUOUS = "continuous"


STAGES: Final = ("planned", "started", "completed", "accepted", "surviving")
"""Amounts of a project that are kept apart; each may be unknown."""

OUTSIDE: Final = "(outside)"
"""Zone id of ground that lies in no zone."""
