"""The first tables."""

from __future__ import annotations

from typing import Any, Final

import sqlalchemy as sa
from alembic import op

from bluecarbon_map.store.guards import postgresql_guards, sqlite_guards
from bluecarbon_map.store.types import WHOLE, Amount, Geometry

revision = "0001"
down_revision = None

_TYPES: Final[dict[str, sa.types.TypeEngine[Any]]] = {
    "": sa.Text(), "float": sa.Double(), "int": WHOLE, "bool": sa.Boolean(),
    "amount": Amount(), "geometry": Geometry(), "bytes": sa.LargeBinary(),
}  # fmt: skip

_BOOKKEEPING: Final = (
    "seq:int place:int row_key row_version:int rests_on:int? change_id:int retired:bool"
)

_RECORDS: Final = {
    "workspace": (
        "workspace_id name_zh name_en zone_id default_survey_id? default_plan_id? factor_set "
        "map_review_number? zones_label_zh zones_label_en"
    ),
    "zones": ("zone_id name_zh name_en? level parent_id? provenance source geometry:geometry"),
    "land": ("land_no:int name_zh? name_en? zone_id? detail? geometry:geometry"),
    "surveys": (
        "survey_id title_zh title_en mode means year:int observed_from? observed_to? "
        "base_survey_id? organisation? method cover_threshold_percent:float? "
        "accuracy_percent:float? source_file? source_sha256? provenance source"
    ),
    "extents": ("survey_id note? source geometry:geometry"),
    "habitats": (
        "habitat_id survey_id name_zh? name_en? ecosystem species? stated_area_ha:float? "
        "provenance source note? geometry:geometry"
    ),
    "patch_changes": (
        "survey_id change_no:int what base_habitat_id? habitat_id? name_zh? ecosystem_from? "
        "ecosystem_to? species_from? species_to? area_from_ha:float? area_to_ha:float? "
        "decision note? provenance source geometry:geometry"
    ),
    "sites": (
        "site_id name? ecosystem species? lon:float lat:float area_ha:float? "
        "density_t_c_ha:float? observed_on? provenance source note?"
    ),
    "observations": (
        "site_id observed_on quantity value:float unit means method? provenance source"
    ),
    "core_slices": (
        "study_id site_id? core_id depth_min_cm:float depth_max_cm:float "
        "dry_bulk_density_g_cm3:float? fraction_carbon:float? fraction_organic_matter:float? "
        "provenance source"
    ),
    "targets": (
        "plan_id plan_zh plan_en version:int target_id name_zh name_en zone_id indicator unit "
        "operator value:float start deadline excludes? clause_zh? clause_en? source"
    ),
    "projects": (
        "project_id name_zh name_en zone_id indicator ecosystem? unit planned:float? "
        "started:float? completed:float? accepted:float? surviving:float? completed_on? "
        "accepted_on? reported_on part_of? provenance source note_zh? note_en?"
    ),
    "visits": (
        "visit_id project_id visited_on indicator? amount:float? unit? "
        "survival_percent:float? visitor? provenance source note?"
    ),
    "registers": ("target_id zone_id complete_to provenance source"),
    "rasters": (
        "raster_id title_zh title_en kind survey_id? year:int quantity_zh? quantity_en? unit? "
        "low:float? high:float? provenance source licence method"
    ),
    "harvests": (
        "harvest_id zone_id? name? species wet_t:amount harvested_on provenance source note?"
    ),
    "transactions": (
        "transaction_id project_id? kind t_co2e:amount price_cny_t:amount? traded_on market? "
        "purpose? seller? buyer? provenance source note?"
    ),
    "instruments": (
        "instrument_id kind name zone_id? amount_cny:amount? issued_on? provider? provenance "
        "source note?"
    ),
    "policies": ("policy_id title issued_by? issued_on? source"),
    "duties": ("duty_id policy_id clause body role deadline? source"),
    "factors": (
        "factor_id ecosystem species? region pool depth_top_cm:float? depth_bottom_cm:float? "
        "quantity unit? value:float? low:float? high:float? interval_kind? sd:float? n:float? "
        "n_note? source doi? tier:int confidence note?"
    ),
}
"""Columns of each record table as they were at this revision: ``name:type``, ``?`` may be NULL."""

_OTHERS: Final = {
    "changes": (
        "change_id:int",
        "kind actor at reason? source_name? source_sha256? rows:int details",
    ),
    "undos": ("undo_change_id:int", "undone_change_id:int"),
    "raster_files": ("change_id:int raster_id", "name sha256 bytes:int"),
    "audit": (
        "entry_no:int",
        (
            "change_id:int at actor action table_name key? before? after? rows:int rows_sha256? "
            "previous_hash hash"
        ),
    ),
}
"""Primary key and other columns of the tables about changes."""

_BOUNDED: Final = ("habitats", "zones")


def _columns(words: str) -> list[sa.Column[object]]:
    made = []
    for word in words.split():
        name, _, kind = word.rstrip("?").partition(":")
        made.append(sa.Column(name, _TYPES[kind], nullable=word.endswith("?"), autoincrement=False))
    return made


def upgrade() -> None:
    """Make every table, its indexes and its guards."""
    for name, words in _RECORDS.items():
        op.create_table(
            name,
            *_columns(f"{_BOOKKEEPING} {words}"),
            sa.PrimaryKeyConstraint("seq", name=f"pk_{name}"),
            sa.UniqueConstraint("row_key", "row_version", name=f"uq_{name}_row_key_row_version"),
        )
        op.create_index(f"ix_{name}_change_id", name, ["change_id"])
    for name in ("habitats", "patch_changes"):
        op.create_index(f"ix_{name}_survey_id_change_id", name, ["survey_id", "change_id"])
    for name, (key, words) in _OTHERS.items():
        primary = [column.name for column in _columns(key)]
        op.create_table(
            name,
            *_columns(f"{key} {words}"),
            sa.PrimaryKeyConstraint(*primary, name=f"pk_{name}"),
        )
    op.create_table(
        "derived",
        *_columns("name state content:bytes sha256"),
        sa.PrimaryKeyConstraint("name", name="pk_derived"),
    )
    op.create_index("ix_audit_table_name_entry_no", "audit", ["table_name", "entry_no"])
    op.create_index("ix_audit_change_id", "audit", ["change_id"])
    _own(op.get_bind().dialect.name)


def _own(dialect: str) -> None:
    """What each database does in its own way: spatial indexes and guards."""
    sqlite = dialect == "sqlite"
    for name in _BOUNDED:
        if sqlite:
            boxes = f"{name}_bounds USING rtree(seq, west, east, south, north)"
            op.execute(f"CREATE VIRTUAL TABLE {boxes}")
        else:
            op.create_index(f"ix_{name}_geometry", name, ["geometry"], postgresql_using="gist")
    guards = sqlite_guards if sqlite else postgresql_guards
    for statement in guards((*_RECORDS, *_OTHERS)):
        op.execute(statement)
