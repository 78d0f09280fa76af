"""源汇: no net without a salinity, sinks and sources in words, addresses good and bad."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from bluecarbon_map.store.folder import FolderStore
from tests import builders
from tests.app.conftest import Opened, buttons_of, text_of
from ui import cached

CREATED = {"act": "created", "planted": "1", "cover": "60", "years": "5"}


def cards(test) -> str:
    """The page without its notices, which repeat what the address said."""
    return text_of(test).split('class="answer"', 1)[1]


def test_the_page_answers_in_both_languages(opened: Opened):
    chinese = text_of(opened("flux"))
    assert "这里每年吸收多少、排放多少，净的是源还是汇？" in chinese
    assert "土壤每年埋藏至少" in chinese
    english = text_of(opened("flux", lang="en"))
    assert "a sink or a source?" in english
    assert "The soil buries at least" in english


def test_emissions_of_the_place_are_no_data_and_no_net_is_claimed(opened: Opened):
    ledger = cards(opened("flux")).split("为什么没有净值")[0]
    assert ledger.count("<b>无数据</b>") == 2
    assert "没有埋藏速率" in ledger


def test_without_a_salinity_both_sides_of_18_ppt_are_shown_and_no_net(opened: Opened):
    text = cards(opened("flux", ground="salt_marsh", **CREATED))
    assert "净值：未知" in text
    assert "净值未知，尚缺：盐度" in text
    assert "+1.893" in text
    assert "−3.337" in text


@pytest.mark.parametrize(
    ("ground", "salinity", "net", "word"),
    [
        ("salt_marsh", "8", "+1.893", "净值：源"),
        ("mangrove", "8", "−0.710", "净值：汇"),
        ("mangrove", "18", "−5.940", "净值：汇"),
    ],
)
def test_a_salinity_settles_the_net(
    opened: Opened, ground: str, salinity: str, net: str, word: str
):
    text = cards(opened("flux", ground=ground, sal=salinity, **CREATED))
    assert f"<b>{net}</b>" in text
    assert word in text
    assert "AR6" in text


def test_the_rules_that_applied_stand_in_words(opened: Opened):
    text = cards(opened("flux", ground="mangrove", sal="8", **CREATED))
    assert "386 ÷ 1.62 = 238 年" in text
    assert "低于 18 ppt" in text
    low = cards(opened("flux", ground="mangrove", sal="20", act="created", cover="9"))
    assert "冠层覆盖低于 10 %" in low
    assert "18 ppt 及以上：不计甲烷" in low
    assert "自然恢复、未经人工种植" in cards(opened("flux", planted="0", lang="zh"))


def test_a_typed_salinity_goes_into_the_address_and_out_again(opened: Opened):
    test = opened("flux", **CREATED)
    test.number_input(key="choose_flux_sal").set_value(8.0).run()
    assert not test.exception
    assert test.query_params["sal"] == "8"
    assert "净值：汇" in text_of(test)
    test.number_input(key="choose_flux_sal").set_value(None).run()
    assert "sal" not in test.query_params
    assert "净值：未知" in text_of(test)


def test_an_emptied_cover_is_unknown_and_not_the_example(opened: Opened):
    test = opened("flux", sal="20", **CREATED)
    test.number_input(key="choose_flux_cover").set_value(None).run()
    assert test.query_params["cover"] == "none"
    assert "尚缺：冠层覆盖度" in text_of(test)
    assert test.number_input(key="choose_flux_cover").value is None


def test_an_emptied_area_leaves_the_amounts_unknown(opened: Opened):
    test = opened("flux", ground="salt_marsh", sal="8", **CREATED)
    test.number_input(key="choose_flux_area").set_value(None).run()
    assert test.query_params["area"] == "none"
    assert test.number_input(key="choose_flux_area").value is None
    assert "净值未知，尚缺：面积" in text_of(test)
    assert "+1.893" not in text_of(test)


def test_an_emptied_harvest_is_unknown_and_has_no_file(opened: Opened):
    test = opened("flux", species="Crassostrea")
    test.number_input(key="choose_flux_wet").set_value(None).run()
    assert test.query_params["wet"] == "none"
    text = text_of(test)
    assert "结果未知，尚缺：收获量" in text
    assert "<td>18.379</td>" not in text
    assert "harvest_csv" not in {one.proto.id for one in test.get("download_button")}


def test_soil_that_is_dug_out_and_the_soil_of_a_ceiling_are_two_numbers(opened: Opened):
    test = opened("flux", ground="salt_marsh", sal="20", ceiling="1", **CREATED)
    assert "土壤已达自然储量（1 ÷ 0.91 = 1 年）" in cards(test)
    other = opened("flux", ground="salt_marsh", sal="20", soil="1", **CREATED)
    assert "土壤已达自然储量" not in cards(other)
    dug = opened("flux", act="extracted", ground="salt_marsh", soil="10", ceiling="1")
    assert dug.number_input(key="choose_flux_soil").value == 10.0


@pytest.mark.parametrize(
    ("bad", "said"),
    [("401", "超出范围（0–400）"), ("-3", "超出范围"), ("nan", "不存在"), ("1e1", "不存在")],
)
def test_a_number_out_of_range_is_told_as_such(opened: Opened, bad: str, said: str):
    assert f"盐度（ppt）“{bad}”{said}" in text_of(opened("flux", sal=bad, **CREATED))


@pytest.mark.parametrize(
    "bad",
    [
        {"sal": "<b>"},
        {"sal": "-3"},
        {"sal": "nan"},
        {"sal": "1e1"},
        {"sal": "٣"},
        {"sal": "401"},
    ],
)
def test_a_salinity_that_is_none_claims_no_net_and_is_named(opened: Opened, bad: dict[str, str]):
    text = text_of(opened("flux", **CREATED, **bad))
    assert '<b>"' not in text
    assert "盐度（ppt）“" in text
    assert "净值：未知" in text


def test_other_bad_words_in_the_address_show_what_a_newcomer_sees(opened: Opened):
    test = opened(
        "flux", area="1e999", act="<i>", ground="x", gwp="AR5", species="y", wet="-1", accept="2"
    )
    text = text_of(test)
    assert "<i>" not in text
    assert test.selectbox(key="choose_flux_act").value == "created"
    assert test.selectbox(key="choose_flux_ground").value == "mangrove"
    assert test.number_input(key="choose_flux_wet").value == 1000.0
    assert not test.checkbox(key="choose_flux_accept").value
    assert test.number_input(key="choose_flux_area").value == 1.0
    assert test.selectbox(key="choose_flux_gwp").value == "AR6"
    assert "面积（公顷）“1e999”超出范围（0–1,000,000,000），现显示：1" in text
    assert "收获量，湿重（吨）“-1”超出范围" in text
    for said in ("活动“&lt;i&gt;”", "升温潜势“AR5”", "种类“y”",
                 "活动所在的生态系统“x”", "未核实值的开关“2”"):  # fmt: skip
        assert f"{said}不存在" in text


def test_seagrass_has_no_methane_in_the_table_and_no_drainage(opened: Opened):
    assert "没有不等于零" in cards(opened("flux", ground="seagrass", sal="8", **CREATED))
    test = opened("flux", ground="seagrass", act="drained")
    assert test.selectbox(key="choose_flux_ground").value == "mangrove"
    assert "“seagrass”不存在" in text_of(test)


def test_ar5_and_unchecked_values_wait_for_the_switch(opened: Opened):
    test = opened("flux", act="extracted", ground="mangrove")
    assert "尚缺：开挖前的生物量" in text_of(test)
    test.checkbox(key="choose_flux_accept").check().run()
    assert "用了未核实的值" in text_of(test)
    assert test.selectbox(key="choose_flux_gwp").options == ["AR6, GWP100", "AR5, GWP100"]
    test.checkbox(key="choose_flux_accept").uncheck().run()
    assert "accept" not in test.query_params
    assert "尚缺：开挖前的生物量" in text_of(test)


def test_fish_ponds_have_no_ecosystem_and_no_area(opened: Opened):
    test = opened("flux", act="ponds", fish="1", accept="1")
    assert "choose_flux_ground" not in {box.key for box in test.selectbox}
    assert "<b>+0.725</b>" in text_of(test)


def test_oysters_show_shell_apart_and_claim_nothing_durable(opened: Opened):
    text = cards(opened("flux", species="Crassostrea"))
    assert "<td>18.379</td>" in text
    assert "贝壳碳（单列，不是移除）</td><td>77.478</td><td>—</td>" in text
    assert "其中长期不回到大气</td><td>无数据</td>" in text
    kept = cards(opened("flux", species="Saccharina japonica", durable="9.95"))
    assert "其中长期不回到大气</td><td>6.209</td>" in kept


def test_a_species_without_a_row_says_so(opened: Opened):
    assert "没有自己的一行" in cards(opened("flux", species="Tegillarca granosa"))


def test_the_sea_changes_its_sign_and_has_no_amount_where_none_is_mapped(opened: Opened):
    text = cards(opened("flux"))
    assert "<td>−14.35</td><td>−21.41 … −7.29</td><td>源</td>" in text
    assert "<td>+0.3025</td><td>无数据</td>" in text
    assert "没有制图的海域水体" in text


def test_mapped_sea_water_says_how_much_of_it_is_demonstration(
    opened: Opened, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    folder = builders.write_workspace(tmp_path / "sea")
    patches = builders.workspace_habitats("S-2022", demonstration=("s2",))
    wet = patches["habitat_id"].isin(["S-2022-s1", "S-2022-s2"])
    patches.loc[wet, ["ecosystem", "species"]] = ["sea_water", None]
    patches.to_parquet(folder / "habitats_S-2022.parquet")
    store = FolderStore(folder)
    monkeypatch.setattr(cached, "workspace", lambda: store)
    shown = cards(opened("flux"))
    assert "图上海域水体：" in shown
    assert re.search(r"其中演示数据：[\d,.]+\u202f公顷", shown)
    assert "其中演示数据：" not in cards(opened("flux", demo="0"))


def test_the_calculators_work_where_nothing_is_on_record(opened: Opened):
    test = opened("flux", zone="330800", ground="mangrove", sal="8", **CREATED)
    assert any("没有记录" in box.value for box in test.info)
    assert "净值：汇" in text_of(test)


def test_the_files_hold_inputs_and_coefficients(opened: Opened, monkeypatch: pytest.MonkeyPatch):
    found = buttons_of(monkeypatch)
    opened("flux", ground="salt_marsh", sal="8", species="Crassostrea", **CREATED)
    made = {more["key"]: (make, more["file_name"]) for make, more in found}
    make, name = made["flux_json"]
    assert json.loads(make())["inputs"]["salinity_ppt"] == 8.0
    assert name.startswith("bluecarbon_flux_created_salt-marsh_")
    assert name.endswith(".json")
    csv = made["flux_csv"][0]().decode("utf-8-sig")
    assert "net_t_co2e_yr,1.893" in csv
    assert "Table 4.14" in csv
    harvest = made["harvest_csv"][0]().decode("utf-8-sig")
    assert "Crassostrea" in harvest
    assert re.search(r"soft_t_c,18\.37\d*", harvest)
    assert made["harvest_csv"][1].startswith("bluecarbon_harvest_Crassostrea_")


def test_an_excavation_is_of_one_year_and_names_defaults_as_the_tables(opened: Opened):
    text = cards(opened("flux", act="extracted", ground="mangrove", accept="1"))
    assert "t CO₂e（当年）" in text
    assert "t CO₂e/年</th>" not in text
    assert "开挖前活生物量（吨干重/公顷） 表中值（如有）" in text


def test_the_burial_of_the_place_leads_to_how_it_is_made(opened: Opened):
    text = text_of(opened("flux", zone="331083"))
    link = re.search(r'href="([^"]*)"[^>]*>[^<]*这个数怎么来的', text)
    assert link is not None
    assert "trace?" in link[1]
    assert "number=burial" in link[1]
    assert "zone=331083" in link[1]
