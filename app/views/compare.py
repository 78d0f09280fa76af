"""Page in the making."""

from __future__ import annotations

from ui import elements
from ui.words import _

elements.headline(_("What differs between zones, or between surveys?"), "")
