"""Page in the making."""

from __future__ import annotations

from ui import elements
from ui.words import _

elements.headline(_("How is each number made, and where does it come from?"), "")
