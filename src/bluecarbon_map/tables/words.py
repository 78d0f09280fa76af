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


class PatchChange(StrEnum):
    """What happened to a patch between a base survey and a change survey."""

    ADDED = "added"
    REMOVED = "removed"
    RECLASSIFIED = "reclassified"
    RESHAPED = "reshaped"


class Decision(StrEnum):
    """What an office made of a change that a survey claims."""

    PENDING = "pending"
    ACCEPTED = "accepted"
    REJECTED = "rejected"


STAGES: Final = ("planned", "started", "completed", "accepted", "surviving")
"""Amounts of a project that are kept apart; each may be unknown."""

NO_DATA_NUMBERS: Final = (-9999, -99999, -32768, -2147483648, -999, -99)
"""What programs write for "no data" and do not always declare."""

OUTSIDE: Final = "(outside)"
"""Zone id of ground that lies in no zone."""
