"""Some patches of a survey, and what is known of all without reading them."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from itertools import chain
from typing import Protocol, cast

import geopandas as gpd
import numpy as np
import pandas as pd
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from bluecarbon_map.errors import NotFoundError
from bluecarbon_map.store.backend import Backend
from bluecarbon_map.store.base import Bounds, meeting
from bluecarbon_map.store.force import in_force, numbered, undone
from bluecarbon_map.store.schema import AUDIT, RECORDS, key_text
from bluecarbon_map.units import FloatArray

_RECORD = RECORDS["habitats"]
_TABLE = _RECORD.table


class _Store(Protocol):
    """What `SqlPatches` is a part of."""

    _backend: Backend

    def surveys(self) -> pd.DataFrame: ...

    def of_survey(self, survey_id: str) -> sa.ColumnElement[bool]: ...

    def within(self, survey_id: str, box: Bounds) -> sa.ColumnElement[bool]: ...

    def _some(self, which: sa.ColumnElement[bool]) -> gpd.GeoDataFrame: ...


class SqlPatches:
    """The part of a store that reads patches one by one; nothing of it is kept."""

    def habitats_within(self: _Store, survey_id: str, box: Bounds) -> gpd.GeoDataFrame:
        """Patches of one survey whose bounds meet a box, read from the spatial index.

        Raises:
            NotFoundError: If there is no such survey.
        """
        found = self._some(self.within(survey_id, box))
        return meeting(found, box)  # an index may round boxes outward

    def habitat(self: _Store, survey_id: str, habitat_id: str) -> gpd.GeoDataFrame:
        """One patch of a survey, or no row.

        Raises:
            NotFoundError: If there is no such survey.
        """
        own = _TABLE.c.row_key == key_text((survey_id, habitat_id))
        return self._some(sa.and_(self.of_survey(survey_id), own))

    def habitats_named(self: _Store, survey_id: str, most: int) -> gpd.GeoDataFrame:
        """Patches of one survey that have a name, the first so many.

        Raises:
            NotFoundError: If there is no such survey.
        """
        named = sa.or_(_TABLE.c.name_zh.is_not(None), _TABLE.c.name_en.is_not(None))
        with self._backend.reading() as connection:
            asked = sa.select(_TABLE.c.seq).where(
                self.of_survey(survey_id), named, in_force(_TABLE, undone(connection))
            )
            first = asked.order_by(_TABLE.c.place).limit(most)
            seqs = list(connection.execute(first).scalars())
        return self._some(_TABLE.c.seq.in_(seqs))

    def habitat_count(self: _Store, survey_id: str) -> int:
        """How many patches a survey has.

        Raises:
            NotFoundError: If there is no such survey.
        """
        asked = sa.select(sa.func.count()).select_from(_TABLE).where(self.of_survey(survey_id))
        with self._backend.reading() as connection:
            found = connection.execute(asked.where(in_force(_TABLE, undone(connection))))
            return int(found.scalar_one())

    def habitat_count_within(self: _Store, survey_id: str, box: Bounds, most: int) -> int:
        """How many patches of a survey have bounds, as indexed, that meet a box; ``most`` of more.

        Raises:
            NotFoundError: If there is no such survey.
        """
        met = sa.select(_TABLE.c.seq).where(self.within(survey_id, box))
        with self._backend.reading() as connection:
            some = met.where(in_force(_TABLE, undone(connection))).limit(most).subquery()
            asked = sa.select(sa.func.count()).select_from(some)
            return int(connection.execute(asked).scalar_one())

    def habitat_boxes(
        self: _Store, survey_id: str, ecosystems: Collection[str] | None = None
    ) -> FloatArray:
        """Bounds of every patch of a survey, or of some ecosystems, in degrees, shape (n, 4).

        Raises:
            NotFoundError: If there is no such survey.
        """
        edges, matched = self._backend.edges(_TABLE)
        asked = sa.select(*edges).where(self.of_survey(survey_id), matched)
        if ecosystems is not None:
            asked = asked.where(_TABLE.c.ecosystem.in_(sorted(ecosystems)))
        with self._backend.reading() as connection:
            found = connection.execute(asked.where(in_force(_TABLE, undone(connection))))
            edges_deg = np.fromiter(chain.from_iterable(found), dtype=np.float64)
            return edges_deg.reshape(-1, 4)

    def habitats_version(self: _Store, survey_id: str) -> str:
        """A word that changes when a patch of the survey does, and with nothing else.

        Raises:
            NotFoundError: If there is no such survey.
        """
        of_survey = self.of_survey(survey_id)
        with self._backend.reading() as connection:
            return _version(connection, survey_id, of_survey)

    def of_survey(self: _Store, survey_id: str) -> sa.ColumnElement[bool]:
        """Condition on the patches of one survey.

        Raises:
            NotFoundError: If there is no such survey.
        """
        known = self.surveys()["survey_id"].tolist()
        if survey_id not in known:
            raise NotFoundError("survey", survey_id, known)
        return _TABLE.c.survey_id == survey_id

    def within(self: _Store, survey_id: str, box: Bounds) -> sa.ColumnElement[bool]:
        """Condition on the patches of one survey whose bounds, as indexed, meet a box.

        Raises:
            NotFoundError: If there is no such survey.
        """
        self.of_survey(survey_id)  # refuses an unknown one
        # Not the bare column: its index would lead through the whole survey, past the box.
        own = (_TABLE.c.survey_id + "") == survey_id
        return sa.and_(own, self._backend.within(_TABLE, box))

    def _some(self: _Store, which: sa.ColumnElement[bool]) -> gpd.GeoDataFrame:
        with self._backend.reading() as connection:
            return cast("gpd.GeoDataFrame", numbered(connection, _RECORD, which))


def _version(connection: Connection, survey_id: str, of_survey: sa.ColumnElement[bool]) -> str:
    """The survey, the last change that wrote a patch, and which of such changes are taken back.

    A change is told by the hash of its last audit entry, which no other workspace has; it may have
    written several surveys.
    """
    newest = connection.execute(sa.select(sa.func.max(_TABLE.c.change_id)).where(of_survey))
    entry = (
        sa.select(AUDIT.c.hash)
        .where(AUDIT.c.change_id == newest.scalar())
        .order_by(AUDIT.c.entry_no.desc())
        .limit(1)
    )
    wrote = sa.select(_TABLE.c.seq).where(of_survey).limit(1)
    gone = [
        str(change)
        for change in sorted(undone(connection))
        if connection.execute(wrote.where(_TABLE.c.change_id == change)).first()
    ]
    said = f"{survey_id}\n{connection.execute(entry).scalar()};{','.join(gone)}"
    return hashlib.sha256(said.encode()).hexdigest()[:16]
