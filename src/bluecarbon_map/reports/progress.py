"""Progress of a workspace's plans."""

from __future__ import annotations

from datetime import date

from bluecarbon_map.errors import InputError, NotFoundError
from bluecarbon_map.reports.regions import Regions
from bluecarbon_map.store.base import Workspace
from bluecarbon_map.tables import Level
from bluecarbon_map.targets import PlanProgress, TargetProgress, assess, counted_by_zone


def progress(
    store: Workspace,
    plan_id: str | None = None,
    *,
    as_of: date | None = None,
    count_demonstration: bool = False,
) -> PlanProgress:
    """How far a plan's targets are met.

    Args:
        store: Workspace to read.
        plan_id: Plan; None for the workspace's default.
        as_of: Day to look at it; None for today.
        count_demonstration: Let demonstration projects count; they never do unasked.

    Raises:
        NotFoundError: If there is no such plan, or none is the default.
        InputError: If the workspace has no target yet.
    """
    if store.targets().empty:
        raise InputError(
            "targets",
            "no plan is on record yet",
            "Take in its targets: bluecarbon import FILE --kind targets; "
            "docs/tables.md lists the columns",
        )
    wanted = plan_id or store.info.default_plan_id
    if wanted is None:
        raise NotFoundError("plan", "", store.targets()["plan_id"].unique().tolist())
    return assess(
        store.targets(),
        store.projects(),
        store.registers(),
        Regions.of(store).parents,
        plan_id=wanted,
        as_of=as_of or date.today(),
        count_demonstration=count_demonstration,
    )


def progress_by_zone(
    store: Workspace, target: TargetProgress, level: Level = Level.CITY
) -> dict[str | None, float | None]:
    """Counted amount of a target in each zone of a level.

    Returns:
        Amounts by zone id, None where no counted project lies in the zone; what is recorded only
        for a wider zone stands under the key None. They add up to ``target.counted``.
    """
    regions = Regions.of(store)
    shown = regions.at_level(level, within=target.target.zone_id)
    return counted_by_zone(target, shown, regions.parents)
