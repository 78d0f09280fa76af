import geopandas as gpd
import numpy as np
import pytest

from bluecarbon_map import tables
from bluecarbon_map.errors import ContractError, CRSMismatchError, CRSMissingError
from bluecarbon_map.tables import Parts, Projects, Summary, Targets, Zones, validate, validate_layer
from tests.builders import accepted, projects_table, target, targets_table, workspace_zones


def test_every_break_is_listed_at_once_and_nothing_is_changed():
    table = targets_table(target(operator="about", unit="mu"))
    before = table.copy()
    with pytest.raises(ContractError) as broken:
        validate(Targets, table, table="targets.csv")
    assert broken.value.table == "targets.csv"
    assert len(broken.value.problems) == 2
    assert "column 'unit'" in str(broken.value)
    assert "e.g. 'about' (first: row 1)" in str(broken.value)
    assert str(broken.value).endswith("docs/tables.md says what each column holds.")
    assert table.equals(before)


def test_an_unknown_amount_is_allowed_and_a_negative_one_is_not():
    validate(Projects, projects_table(accepted("a", np.nan)))
    with pytest.raises(ContractError, match=r"column 'accepted'.*-1"):
        validate(Projects, projects_table(accepted("a", -1.0)))


def test_a_number_that_came_in_as_text_is_not_quietly_turned():
    table = targets_table(target()).astype({"value": "str"})
    with pytest.raises(ContractError, match="column 'value'"):
        validate(Targets, table)


def test_a_column_too_many_or_too_few_is_refused():
    table = targets_table(target())
    with pytest.raises(ContractError, match="extra"):
        validate(Targets, table.assign(extra=1))
    with pytest.raises(ContractError, match="clause_zh"):
        validate(Targets, table.drop(columns="clause_zh"))


def test_a_zone_id_on_two_rows_is_refused():
    zones = workspace_zones()
    doubled = gpd.GeoDataFrame(zones.iloc[[0, 0]].reset_index(drop=True))
    with pytest.raises(ContractError, match="column 'zone_id'"):
        validate_layer(Zones, doubled, "EPSG:4490")


def test_the_coordinate_system_is_checked_before_anything_else():
    zones = workspace_zones()
    with pytest.raises(CRSMissingError, match="zones: the layer has no coordinate system"):
        validate_layer(Zones, zones.set_crs(None, allow_override=True), "EPSG:4490", table="zones")
    with pytest.raises(CRSMismatchError, match="EPSG:4326 where EPSG:4490"):
        validate_layer(Zones, zones.set_crs(4326, allow_override=True), "EPSG:4490")


@pytest.mark.parametrize(
    "contract",
    [
        tables.Zones,
        tables.Surveys,
        tables.Habitats,
        tables.Targets,
        tables.Projects,
        tables.Registers,
        tables.Factors,
        tables.Parts,
        tables.Summary,
        tables.Pools,
    ],
)
def test_the_data_dictionary_says_what_each_column_is(contract):
    dictionary = tables.dictionary(contract)
    assert dictionary["column"].tolist() == tables.columns(contract)
    assert (dictionary["description"].str.len() > 2).all()
    units = dict(zip(dictionary["column"], dictionary["unit"], strict=True))
    for column, unit in units.items():
        if column.endswith("_ha") and "_t_c" not in column:
            assert unit == "ha", column
        if "_t_c" in column or column.endswith("_km"):
            assert unit, column


def test_a_summary_begins_with_the_columns_of_the_command_lines_contract_in_its_order():
    promised = [
        "zone_id", "zone_name", "ecosystem", "area_ha", "stock_t_c", "stock_t_c_low",
        "stock_t_c_high", "stock_t_co2e", "sequestration_t_c_yr", "factor_id", "tier",
    ]  # fmt: skip
    for contract in (Parts, Summary):
        assert [c for c in tables.columns(contract) if c in promised] == promised
