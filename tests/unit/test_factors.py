"""Coefficients: the table, the named sets, and a user's own file."""

import dataclasses
import math

import numpy as np
import pytest

from bluecarbon_map.ecosystems import ECOSYSTEMS
from bluecarbon_map.errors import (
    FactorError,
    InputError,
    NotFoundError,
)
from bluecarbon_map.factors import (
    IntervalKind,
    factor,
    factors_table,
    load_set,
    set_titles,
)
from bluecarbon_map.factors.intervals import borrowed, of_mean, student_t_975
from bluecarbon_map.factors.pools import held_twice
from bluecarbon_map.factors.sets import _own_interval, _row, _stock
from bluecarbon_map.factors.table import read_factors


def test_student_t_agrees_with_the_integral_of_its_density():
    for degrees in (1, 2, 3, 6, 22, 30, 31, 32, 70, 128, 1000):
        t = student_t_975(degrees)
        log_scale = math.lgamma((degrees + 1) / 2) - math.lgamma(degrees / 2)
        scale = math.exp(log_scale) / math.sqrt(degrees * math.pi)
        x = np.linspace(0, t, 200_001)
        density = scale * (1 + x**2 / degrees) ** (-(degrees + 1) / 2)
        assert 0.5 + np.trapezoid(density, x) == pytest.approx(0.975, abs=2e-5)


def test_the_interval_of_a_mean_uses_its_standard_error():
    # Kandelia obovata, Fu et al. 2021: 151.6, SD 71.6, n = 23; t(22) = 2.074
    interval = of_mean(151.6, 71.6, 23)
    assert interval.high - 151.6 == pytest.approx(2.074 * 71.6 / math.sqrt(23))
    assert (round(interval.low, 2), round(interval.high, 2)) == (120.64, 182.56)
    assert interval.kind is IntervalKind.CI95_OF_MEAN
    assert not interval.clipped


def test_a_negative_lower_end_is_set_to_zero_and_said_so():
    interval = of_mean(86.1, 95.1, 7)
    assert (interval.low, interval.clipped) == (0.0, True)
    assert interval.high == pytest.approx(86.1 + 2.447 * 95.1 / math.sqrt(7))


def test_an_interval_of_one_value_does_not_exist():
    with pytest.raises(ValueError, match="at least two"):
        of_mean(66.8, 10.0, 1)


def test_a_borrowed_interval_names_its_lender():
    interval = borrowed(100.0, 0.25, "somewhere")
    assert (interval.low, interval.high, interval.borrowed_from) == (75.0, 125.0, "somewhere")


def test_the_table_keeps_each_value_once():
    table = factors_table()
    assert len(table) == 179
    assert table["factor_id"].is_unique
    assert set(table["tier"]) == {1, 2, 3}


def test_changing_a_copy_of_the_table_changes_nothing_else():
    table = factors_table()
    table["value"] = -1.0
    assert (factors_table()["value"].dropna() >= 0).all()


def test_tiers_follow_the_region():
    table = factors_table()
    assert set(table.loc[table["region"] == "global", "tier"]) == {1}
    assert set(table.loc[table["tier"] == 3, "region"]) == {"Zhejiang"}


def test_values_lie_in_their_own_interval():
    rows = factors_table().dropna(subset=["value", "low", "high"])
    assert len(rows) > 50
    assert (rows["low"] <= rows["value"]).all()
    assert (rows["value"] <= rows["high"]).all()


def test_a_doi_known_from_memory_is_left_out_and_said():
    row = factor("salt-marsh-global-maxwell2024-soil-0-30cm-stock")
    assert row.doi is None
    assert "DOI" in (row.note or "")
    assert (row.depth_top_cm, row.depth_bottom_cm) == (0.0, 30.0)


def test_an_unknown_coefficient_is_an_error():
    with pytest.raises(NotFoundError, match="no coefficient 'nothing'"):
        factor("nothing")


HEADER = ",".join(factors_table().columns)
ROW = "x,mangrove,,China,soil,0,100,stock_C,t C/ha,10,{low},{high},{kind},,,,Book,,2,verified,\n"


@pytest.mark.parametrize(
    ("low", "high", "kind"),
    [("5", "", "range"), ("15", "12", "range"), ("5", "15", ""), ("5", "15", "guess")],
)
def test_a_half_given_interval_in_the_table_is_refused(tmp_path, low, high, kind):
    row = ROW.format(low=low, high=high, kind=kind)
    (tmp_path / "a.csv").write_text(f"{HEADER}\n{row}", encoding="utf-8-sig")
    with pytest.raises(FactorError, match="interval of x"):
        read_factors(tmp_path)


def test_a_folder_without_coefficients_is_refused(tmp_path):
    with pytest.raises(FactorError, match="no table"):
        read_factors(tmp_path)


@pytest.mark.parametrize("set_id", ["zhejiang", "china-species", "ipcc-tier1"])
@pytest.mark.parametrize("accept", [False, True])
def test_every_named_set_can_be_used(set_id, accept):
    chosen = load_set(set_id, accept_unverified=accept)
    assert chosen.stocks
    for stock in chosen.stocks.values():
        assert stock.ecosystem in ECOSYSTEMS
        assert stock.why_zh
        assert stock.why_en
        for pool in stock.pools:
            if pool.interval is not None:
                assert 0 <= pool.low_t_c_ha <= pool.density_t_c_ha <= pool.high_t_c_ha
            else:
                assert math.isnan(pool.low_t_c_ha)
                assert math.isnan(pool.high_t_c_ha)
    assert set_id in set_titles()


def test_mangrove_in_zhejiang_is_the_provincial_survey_with_a_borrowed_interval():
    stock = load_set("zhejiang").stock("mangrove", "Kandelia obovata")
    assert stock is not None
    assert stock.density_t_c_ha == 116.35
    assert (stock.factor_id, stock.tier) == ("mangrove-zhejiang-2022-ecosystem-stock", 3)
    assert stock.fell_back is None
    (pool,) = stock.pools
    assert pool.interval is not None
    assert pool.interval.kind is IntervalKind.BORROWED_SD
    assert (
        pool.interval.borrowed_from == "mangrove-china-fu2021-kandelia-obovata-soil-0-100cm-stock"
    )
    assert pool.low_t_c_ha == pytest.approx(116.35 * (1 - 71.6 / 151.6))
    assert pool.high_t_c_ha == pytest.approx(116.35 * (1 + 71.6 / 151.6))


def test_reed_in_zhejiang_takes_the_cores_really_sampled_and_says_it_fell_back():
    stock = load_set("zhejiang").stock("salt_marsh", "Phragmites australis")
    assert stock is not None
    assert (stock.density_t_c_ha, stock.species, stock.tier) == (61.0, None, 2)
    assert stock.pools[0].words == "soil 0-100 cm"
    assert stock.pools[0].high_t_c_ha == pytest.approx(
        61.0 + 2.0369 * 36.5 / math.sqrt(33), abs=1e-3
    )
    assert stock.fell_back is not None
    assert (stock.fell_back.wanted, stock.fell_back.tier) == (3, 2)
    assert "无本省值" in stock.fell_back.zh
    assert "no provincial value" in stock.fell_back.en


def test_one_site_has_no_interval_of_its_own():
    chosen = load_set("zhejiang")
    spartina = chosen.stock("salt_marsh", "Spartina alterniflora")
    scirpus = chosen.stock("salt_marsh", "Scirpus mariqueter")
    assert spartina is not None
    assert scirpus is not None
    assert (spartina.density_t_c_ha, spartina.tier) == (62.6, 3)
    assert (scirpus.density_t_c_ha, scirpus.tier) == (66.8, 2)
    for stock in (spartina, scirpus):
        interval = stock.pools[0].interval
        assert interval is not None
        assert interval.kind is IntervalKind.BORROWED_SD


@pytest.mark.parametrize(
    "ecosystem",
    [
        "tidal_flat",
        "island_vegetation",
        "sea_water",
        "shellfish_farm",
        "seaweed_farm",
        "seaweed_bed",
    ],
)
def test_what_nobody_measured_has_no_stock(ecosystem):
    assert load_set("zhejiang").stock(ecosystem) is None


def test_a_seasonal_increment_is_no_burial_rate():
    chosen = load_set("zhejiang")
    assert chosen.sequestration("tidal_flat") is None
    assert chosen.sequestration("seagrass") is None
    record = {
        "ecosystem": "tidal_flat", "species": "", "role": "sequestration", "interval_from": "",
        "factor_id": "tidal-flat-shanghai-yan-ge-zhang-bare-mudflat-soil-0-50cm-annual-increment",
        "why_zh": "", "why_en": "",
    }  # fmt: skip
    with pytest.raises(FactorError, match="annual_increment_C cannot serve"):
        _row(record, "x.csv, row 2")


@pytest.mark.parametrize(
    ("ecosystem", "species", "rate_t_c_ha_yr"),
    [
        ("mangrove", None, 1.796),  # 179.6 g C/m2/yr, Alongi 2020
        ("salt_marsh", "Spartina alterniflora", 2.447),  # 244.7 g C/m2/yr, Ouyang & Lee 2014
    ],
)
def test_rates_are_converted_to_tonnes_per_hectare(ecosystem, species, rate_t_c_ha_yr):
    rate = load_set("zhejiang").sequestration(ecosystem, species)
    assert rate is not None
    assert rate.rate_t_c_ha_yr == pytest.approx(rate_t_c_ha_yr)


SEA_WATER = "sea-water-east-china-sea-guo2015-air-sea-uptake"


def test_the_exchange_of_sea_water_is_no_burial_and_no_set_takes_it():
    assert factor(SEA_WATER).quantity == "uptake_C"
    for set_id in set_titles():
        assert load_set(set_id, accept_unverified=True).sequestration("sea_water") is None
    record = {
        "ecosystem": "sea_water", "species": "", "role": "sequestration", "interval_from": "",
        "factor_id": SEA_WATER, "why_zh": "", "why_en": "",
    }  # fmt: skip
    with pytest.raises(FactorError, match="uptake_C cannot serve as 'sequestration'"):
        _row(record, "x.csv, row 2")


def test_a_published_interval_keeps_its_ends_and_its_kind():
    # IPCC 2013: 255 (254 to 297), 95% CI; Maxwell et al. 2024: 83.1 (38.3 to 127.9), model error
    names = {
        "salt-marsh-global-ipcc2013-aggregated-soil-soil-0-100cm-stock": IntervalKind.CI95,
        "salt-marsh-global-maxwell2024-soil-0-30cm-stock": IntervalKind.MODEL_ERROR,
        "mangrove-zhejiang-liu2024-old-mangrove-soil-0-100cm-toc-percent": IntervalKind.SD,
    }
    for name, kind in names.items():
        interval = _own_interval(factor(name), accept_unverified=True)
        assert interval is not None
        assert (interval.low, interval.high) == (factor(name).low, factor(name).high)
        assert (interval.kind, interval.borrowed_from) == (kind, None)


def test_unverified_values_are_used_only_when_accepted():
    assert load_set("ipcc-tier1").stock("seagrass") is None
    accepted = load_set("ipcc-tier1", accept_unverified=True).stock("seagrass")
    assert accepted is not None
    assert accepted.density_t_c_ha == 108.0


def test_an_interval_from_memory_is_used_only_when_accepted():
    plain = load_set("ipcc-tier1").stock("mangrove")
    accepted = load_set("ipcc-tier1", accept_unverified=True).stock("mangrove")
    assert plain is not None
    assert accepted is not None
    assert plain.pools[0].interval is None
    assert accepted.pools[0].interval is not None
    assert accepted.pools[0].interval.kind is IntervalKind.CI95
    assert (accepted.pools[0].low_t_c_ha, accepted.pools[0].high_t_c_ha) == (351.0, 424.0)


BURIAL = "mangrove-global-alongi2020-soil-burial"
SOIL_40 = "salt-marsh-zhejiang-xia2022-yueqing-bay-mean-soil-0-40cm-stock"


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"factor_id": "gone"}, "no coefficient 'gone'"),
        ({"interval_from": "gone"}, "no coefficient 'gone'"),
        ({"ecosystem": "salt_marsh"}, "is about mangrove"),
        ({"role": "stock", "factor_id": BURIAL}, "cannot serve as 'stock'"),
        ({"ecosystem": "salt_marsh", "factor_id": SOIL_40}, "soil of 0 to 100 cm only"),
        ({"interval_from": BURIAL}, "no standard deviation to lend"),
    ],
)
def test_a_set_row_that_cannot_serve_names_its_place(change, complaint):
    record = {
        "ecosystem": "mangrove", "species": "", "role": "stock", "interval_from": "",
        "factor_id": "mangrove-china-fu2021-soil-0-100cm-stock", "why_zh": "", "why_en": "",
    }  # fmt: skip
    with pytest.raises(FactorError, match=rf"x.csv, row 7: .*{complaint}.*\. Correct that row"):
        _row(record | change, "x.csv, row 7")


def test_one_pool_cannot_be_counted_inside_another():
    record = {
        "ecosystem": "mangrove", "species": "", "role": "stock", "interval_from": "",
        "why_zh": "", "why_en": "",
    }  # fmt: skip
    rows = [
        _row(record | {"factor_id": name}, "x.csv, row 2")
        for name in (
            "mangrove-zhejiang-2022-ecosystem-stock",
            "mangrove-china-fu2021-soil-0-100cm-stock",
        )
    ]
    with pytest.raises(FactorError, match="same carbon twice"):
        _stock(rows, 3, accept_unverified=False)


@pytest.mark.parametrize(
    ("pools", "twice"),
    [
        (("ecosystem", "soil"), ("ecosystem", "soil")),
        (("soil", "ecosystem"), ("soil", "ecosystem")),
        (("soil", "litter", "soil"), ("soil", "soil")),
        (("biomass", "soil", "aboveground_biomass"), ("biomass", "aboveground_biomass")),
        (("belowground_biomass", "biomass"), ("belowground_biomass", "biomass")),
        (("soil", "dead_roots"), ("soil", "dead_roots")),
        (("unstated", "litter"), ("unstated", "litter")),
        (("aboveground_biomass", "belowground_biomass", "soil", "litter", "deadwood"), None),
        (("biomass", "dead_roots"), None),
        (("soil",), None),
    ],
)
def test_a_pool_inside_another_holds_the_same_carbon_twice(pools, twice):
    assert held_twice(pools) == twice


def test_aboveground_biomass_is_never_added_to_all_biomass():
    made = [
        dataclasses.replace(factor(f"seagrass-hainan-yang2022-{name}-stock"), pool=pool)
        for name, pool in (("biomass", "biomass"), ("soil-0-100cm", "aboveground_biomass"))
    ]
    record = {
        "ecosystem": "seagrass", "species": "", "role": "stock", "interval_from": "",
        "factor_id": made[0].factor_id, "why_zh": "", "why_en": "",
    }  # fmt: skip
    row = _row(record, "x.csv, row 2")
    rows = [dataclasses.replace(row, source=one) for one in made]
    with pytest.raises(
        FactorError, match="row 2: pools biomass, aboveground_biomass hold the same"
    ):
        _stock(rows, 3, accept_unverified=False)


def test_two_separate_pools_add_up():
    record = {
        "ecosystem": "seagrass", "species": "", "role": "stock", "interval_from": "",
        "why_zh": "", "why_en": "",
    }  # fmt: skip
    rows = [
        _row(record | {"factor_id": f"seagrass-hainan-yang2022-{name}-stock"}, "x.csv, row 2")
        for name in ("biomass", "soil-0-100cm")
    ]
    stock = _stock(rows, 3, accept_unverified=False)
    assert stock.density_t_c_ha == pytest.approx(1.6 + 69.61)  # Yang et al. 2022, Li'an Bay
    assert stock.tier == 2
    assert [pool.pool for pool in stock.pools] == ["biomass", "soil"]
    assert "; " in stock.factor_id


def test_an_unknown_set_lists_those_there_are():
    with pytest.raises(NotFoundError, match="zhejiang, china-species, ipcc-tier1"):
        load_set("fujian")


def test_a_missing_file_is_named():
    with pytest.raises(InputError, match=r"mine\.csv: there is no such file"):
        load_set("mine.csv")


def test_the_range_of_one_site_is_no_interval():
    scirpus = load_set("china-species").stock("salt_marsh", "Scirpus mariqueter")
    assert scirpus is not None
    interval = scirpus.pools[0].interval
    assert interval is not None
    assert interval.kind is IntervalKind.BORROWED_SD
    assert interval.low < 66.8 < interval.high
