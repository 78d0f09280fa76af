"""Zones as a tree: which county lies in which city, and what each is called."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bluecarbon_map.errors import InputError, NotFoundError
from bluecarbon_map.store.base import Workspace
from bluecarbon_map.tables import OUTSIDE, Level
from bluecarbon_map.targets import lies_in


@dataclass(frozen=True, slots=True)
class Regions:
    """The zones of a workspace without their geometry.

    Attributes:
        names: Name of each zone in one language, in the order of the table.
        levels: Level of each zone.
        parents: Zone that each lies in, or None.
    """

    names: Mapping[str, str]
    levels: Mapping[str, Level]
    parents: Mapping[str, str | None]

    @classmethod
    def of(cls, store: Workspace, *, language: str = "zh") -> Regions:
        """Read the tree; ``language`` is ``zh`` or ``en``.

        Raises:
            InputError: If a zone lies in itself.
        """
        zones = store.zones()
        ids = zones["zone_id"].tolist()
        names = zones["name_zh"]
        if language == "en":
            names = zones["name_en"].fillna(names)
        parents = zones["parent_id"].astype(object).where(zones["parent_id"].notna(), None)
        _require_tree(dict(zip(ids, parents.tolist(), strict=True)))
        return cls(
            dict(zip(ids, names.tolist(), strict=True)),
            {zone: Level(level) for zone, level in zip(ids, zones["level"], strict=True)},
            dict(zip(ids, parents.tolist(), strict=True)),
        )

    def require(self, zone_id: str) -> None:
        """Refuse a zone that is not there.

        Raises:
            NotFoundError: If there is none of that id.
        """
        if zone_id not in self.names:
            raise NotFoundError("zone", zone_id, list(self.names))

    def named(self, text: str) -> str:
        """The zone of an id, or of a name, with or without its last letter: 玉环 is 玉环市.

        Raises:
            NotFoundError: If there is none, or several have that name.
        """
        if text in self.names:
            return text
        found = [zone for zone, name in self.names.items() if text in (name, name[:-1])]
        if len(found) != 1:
            raise NotFoundError("zone", text, found or list(self.names))
        return found[0]

    def path(self, zone_id: str) -> list[str]:
        """The zone and everything it lies in, finest first."""
        path, at = [], self.parents.get(zone_id)
        while at is not None:
            path.append(at)
            at = self.parents.get(at)
        return [zone_id, *path]

    def at_level(self, level: Level, within: str | None = None) -> dict[str, str]:
        """Ids and names of the zones of a level, of those inside another one where it is given."""
        return {
            zone: name
            for zone, name in self.names.items()
            if self.levels[zone] is level
            and (within is None or lies_in(zone, within, self.parents))
        }

    def home(self, finest: list[str], shown: Mapping[str, str]) -> dict[str, str]:
        """Which of the shown zones each finest zone belongs to; those in none are absent."""
        homes = {}
        for zone in finest:
            at = next((step for step in self.path(zone) if step in shown), None)
            if at is not None:
                homes[zone] = at
        return homes


def _require_tree(parents: Mapping[str, str | None]) -> None:
    for zone in parents:
        seen, at = {zone}, parents[zone]
        while at is not None:
            if at in seen:
                raise InputError(
                    "zones",
                    "the zone lies in itself",
                    "Correct it",
                    rows=[zone],
                    column="parent_id",
                )
            seen.add(at)
            at = parents.get(at)


def with_outside(home: dict[str, str]) -> dict[str, str]:
    """The same, keeping ground that lies in no zone."""
    return {**home, OUTSIDE: OUTSIDE}
