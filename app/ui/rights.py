"""Who may see what: the one place that decides it.

There is no login: whoever reaches the server may see what the server may show. Pages, tiles,
downloads and the health check all read `cached.workspace`, which is what `shown` leaves, so that
nothing else has to ask; what is left out is not there for any of them.
"""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

from bluecarbon_map.dashboard import ONLY_VARIABLE
from bluecarbon_map.errors import InputError

if TYPE_CHECKING:
    from bluecarbon_map.store.base import Workspace


def surveys() -> frozenset[str] | None:
    """Ids of the surveys this server may show; None for all.

    Raises:
        InputError: If the setting is no list of ids: nothing may be shown by mistake.
    """
    said = os.environ.get(ONLY_VARIABLE)
    if said is None:
        return None
    try:
        ids = json.loads(said)
    except ValueError:
        ids = None
    if not isinstance(ids, list) or not all(isinstance(one, str) for one in ids):
        fix = 'Name the surveys as a JSON list of their ids, as ["S-2022", "S-2025"]'
        raise InputError(ONLY_VARIABLE, "it is no list of ids", fix)
    return frozenset(ids)


def shown(whole: Workspace, only: frozenset[str] | None) -> Workspace:
    """A workspace as far as it may be shown."""
    from bluecarbon_map.store.limited import LimitedWorkspace  # the server starts without pandas

    return whole if only is None else LimitedWorkspace(whole, only)
