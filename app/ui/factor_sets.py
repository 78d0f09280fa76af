"""Sets of coefficients that a page offers: the named ones, and the workspace's own."""

from __future__ import annotations

from bluecarbon_map.factors import WORKSPACE_SET, set_titles
from ui import cached


def known() -> tuple[str, ...]:
    """Ids of the sets; ``workspace`` only where the workspace has coefficients of its own."""
    own = () if cached.workspace().factors().empty else (WORKSPACE_SET,)
    return (*set_titles(), *own)


def choices() -> tuple[str, ...]:
    """The same with the workspace's usual one first, even if that is a user's file."""
    return tuple(dict.fromkeys((cached.workspace().info.factor_set, *known())))
