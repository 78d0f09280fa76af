"""Survey against survey: which patches came, went, or changed, and what a decision makes of it.

`diff` tells a change survey as changes of its base, one patch a row; `applied` makes a survey of
the base and the changes that were accepted; `became` tells gain, loss and unknown apart. In `diff`
ground is compared in the equal-area plane, with each patch as it is drawn: where patches of one
survey overlap, both count, as they do in its file.
"""

from __future__ import annotations

from bluecarbon_map.change.applying import applied
from bluecarbon_map.change.differing import diff
from bluecarbon_map.change.ground import WAY, Ground, became

__all__ = ["WAY", "Ground", "applied", "became", "diff"]
