"""Page in the making."""

from __future__ import annotations

from ui import elements
from ui.words import _

elements.headline(_("How much carbon is held where, and how sure is that?"), "")
