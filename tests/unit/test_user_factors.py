"""A user's own file of coefficients."""

import math

import pytest

from bluecarbon_map.errors import (
    ColumnError,
    DuplicateIdError,
    EmptyLayerError,
    InputError,
    UnknownEcosystemError,
)
from bluecarbon_map.factors import Interval, IntervalKind, load_set, standard_error

SHORT = "ecosystem,c_t_ha\n"
SPECIES = "ecosystem,species,c_t_ha\n"
INTERVAL = "ecosystem,c_t_ha,low,high\n"
KIND = "ecosystem,c_t_ha,low,high,interval_kind\n"
POOL = "ecosystem,pool,depth_cm,c_t_ha\n"


def written(tmp_path, text, encoding="utf-8-sig"):
    path = tmp_path / "mine.csv"
    path.write_bytes(text.encode(encoding))
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_users_file_is_read_in_chinese(tmp_path, encoding):
    text = (
        "生态系统,优势种,碳密度,下限,上限,区间类型,固碳速率,来源\n"
        "盐沼,互花米草,50,40,65,95%置信区间,1.5,实测\n"
        "光滩,,,,,,,\n"
    )
    chosen = load_set(written(tmp_path, text, encoding))
    stock = chosen.stock("salt_marsh", "Spartina alterniflora")
    rate = chosen.sequestration("salt_marsh", "Spartina alterniflora")
    assert stock is not None
    assert rate is not None
    assert (stock.density_t_c_ha, stock.factor_id, stock.why_zh) == (50.0, "user:2", "实测")
    assert stock.pools[0].interval.kind is IntervalKind.CI95
    assert (stock.pools[0].low_t_c_ha, stock.pools[0].high_t_c_ha) == (40.0, 65.0)
    assert (rate.rate_t_c_ha_yr, rate.factor_id, rate.tier) == (1.5, "user:2", None)
    assert (stock.pools[0].source, rate.source) == ("实测", "实测")
    assert stock.tier is None
    assert chosen.stock("tidal_flat") is None
    assert chosen.stock("salt_marsh", "Phragmites australis") is None


def test_a_users_file_in_english_may_be_short(tmp_path):
    chosen = load_set(
        str(written(tmp_path, "Habitat,C_t_ha,remark\nmudflat,12.5,x\n\nmangrove,９０,\n"))
    )
    flat, mangrove = chosen.stock("tidal_flat"), chosen.stock("mangrove", "Kandelia obovata")
    assert flat is not None
    assert mangrove is not None
    assert (flat.density_t_c_ha, flat.pools[0].interval) == (12.5, None)
    assert (mangrove.density_t_c_ha, mangrove.factor_id) == (90.0, "user:4")


@pytest.mark.parametrize(
    ("text", "error", "message"),
    [
        (SHORT + "tundra,5\n", UnknownEcosystemError, "column 'ecosystem', rows 2: 'tundra'"),
        (SHORT + "mangrove,-1\n", InputError, r"'c_t_ha', rows 2: -1 lies outside 0 to 2,000"),
        (
            "ecosystem,碳密度\nmangrove,9\nseagrass,2001\n",
            InputError,
            r"'碳密度', rows 3: 2001 lies outside",
        ),
        (SHORT + "mangrove,about 5\n", InputError, r"'about 5' is not a number. Write digits"),
        (SHORT + "mangrove,inf\n", InputError, "'inf' is not a number"),
        (SHORT + "mangrove,nan\n", InputError, "'nan' is not a number"),
        (SHORT + "mangrove,1_0\n", InputError, "'1_0' is not a number"),
        (INTERVAL + "mangrove,5,6,7\n", InputError, "'low', rows 2: the density 5 lies outside"),
        (INTERVAL + "mangrove,5,3,4\n", InputError, "'high', rows 2: the density 5 lies outside"),
        (INTERVAL + "mangrove,5,3,\n", InputError, "'high', rows 2: an interval needs"),
        (INTERVAL + "mangrove,,3,4\n", InputError, "an interval needs a density"),
        (INTERVAL + "mangrove,5,3,8\n", InputError, "'interval_kind', rows 2: an interval without"),
        (INTERVAL + "mangrove,5,3,8\n", InputError, r"区间类型: 95% CI \(95% 置信区间\), SE"),
        (KIND + "mangrove,5,3,8,\n", InputError, "rows 2: an interval without its kind. Say what"),
        (KIND + "mangrove,5,3,8,sure\n", InputError, "rows 2: 'sure' is no kind of interval"),
        (KIND + "mangrove,5,6,8,SE\n", InputError, "'low', rows 2: the density 5 lies outside"),
        (
            "类型,碳密度,下限,上限,区间类型\n红树林,5,3,8,约\n",
            InputError,
            "'区间类型', rows 2: '约'",
        ),
        (POOL + "mangrove,mud,,5\n", InputError, "'pool', rows 2: 'mud' names no .*soil .土壤"),
        (POOL + "mangrove,soil,deep,5\n", InputError, "'depth_cm', rows 2: 'deep' is no depth"),
        (POOL + "mangrove,soil,100-0,5\n", InputError, "rows 2: '100-0' is no depth. Write 0-100"),
        (POOL + "mangrove,litter,0-30,5\n", InputError, "litter has no depth in the soil"),
        (
            POOL + "mangrove,soil,100,5\nmangrove,土壤,30,6\n",
            DuplicateIdError,
            "rows 2, 3: mangrove stands on two rows. Keep one row .* or give each row its own pool",
        ),
        (
            POOL + "mangrove,biomass,,5\nmangrove,agb,,6\n",
            DuplicateIdError,
            "rows 2, 3: mangrove stands on two rows: biomass and aboveground_biomass",
        ),
        (
            POOL + "mangrove,soil,,5\nmangrove,,,6\n",
            DuplicateIdError,
            "rows 2, 3: .*soil and unstated",
        ),
        (
            "ecosystem,pool,c_t_ha,固碳速率\nmangrove,soil,5,1\nmangrove,biomass,6,2\n",
            DuplicateIdError,
            "rows 2, 3: mangrove has two rates",
        ),
        ("type,c_t_ha,固碳速率\nmangrove,5,11\n", InputError, "outside 0 to 10 t C/ha/yr"),
        (SHORT + "mangrove,5\n红树林,6\n", DuplicateIdError, "rows 2, 3: mangrove stands"),
        ("ecosystem,density\nmangrove,5\n", ColumnError, "no column for the density. Name one"),
        ("c_t_ha\n5\n", ColumnError, "no column for the ecosystem"),
        (
            "ecosystem,c_t_ha,碳密度\nmangrove,5,6\n",
            ColumnError,
            "two columns claim to be the density",
        ),
        (SHORT + "mangrove,5,6\n", InputError, "rows 2: 3 cells under 2 headers"),
        (SPECIES + "mangrove,芦苇,5\n", InputError, "'芦苇' does not belong to 'mangrove'"),
        (SPECIES + "互花米草,Suaeda salsa,5\n", InputError, "does not belong"),
        (SHORT, EmptyLayerError, "there is no row"),
        ("", EmptyLayerError, "there is no row"),
        ("a\0b", InputError, "not text in UTF-8 or GB18030"),
    ],
)
def test_a_users_mistake_is_named_with_its_place_and_way_out(tmp_path, text, error, message):
    with pytest.raises(error, match=message):
        load_set(written(tmp_path, text))


def test_a_cell_too_long_for_csv_is_refused(tmp_path):
    with pytest.raises(InputError, match="the file is no CSV"):
        load_set(written(tmp_path, SHORT + "x" * 200_000 + ",5\n"))


def test_bytes_that_are_no_text_are_refused(tmp_path):
    path = tmp_path / "mine.csv"
    path.write_bytes(b"\xff\xff\xff")
    with pytest.raises(InputError, match="not text"):
        load_set(path)


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("95% CI", IntervalKind.CI95),
        ("95％ 置信区间", IntervalKind.CI95),
        ("se", IntervalKind.SE),
        ("标准误", IntervalKind.SE),
        ("range", IntervalKind.RANGE),
        ("范围", IntervalKind.RANGE),
        ("模型误差", IntervalKind.MODEL_ERROR),
        ("low/medium/high", IntervalKind.LOW_MEDIUM_HIGH),
        ("±（原文未说明）", IntervalKind.PLUS_MINUS),
        ("均值的95%置信区间", IntervalKind.CI95_OF_MEAN),
    ],
)
def test_a_user_says_what_an_interval_is_in_either_language(tmp_path, word, kind):
    chosen = load_set(written(tmp_path, KIND + f"mangrove,5,3,8,{word}\n"))
    assert chosen.stock("mangrove").pools[0].interval.kind is kind


@pytest.mark.parametrize(
    ("text", "depth", "words"),
    [
        ("0-100", (0.0, 100.0), "soil 0-100 cm"),
        ("0–100 cm", (0.0, 100.0), "soil 0-100 cm"),
        ("１００", (0.0, 100.0), "soil 0-100 cm"),
        ("10 至 40厘米", (10.0, 40.0), "soil 10-40 cm"),
        ("", None, "soil (depth unstated)"),
    ],
)
def test_a_soils_depth_is_in_its_words_or_said_to_be_unstated(tmp_path, text, depth, words):
    chosen = load_set(written(tmp_path, POOL + f"mangrove,土壤,{text},50\n"))
    (pool,) = chosen.stock("mangrove").pools
    assert (pool.depth_cm, pool.words, pool.density_t_c_ha) == (depth, words, 50.0)
    assert (pool.depth_warning is None) == (depth == (0.0, 100.0))


def test_pools_of_one_ecosystem_stand_on_rows_of_their_own_and_add_up(tmp_path):
    text = POOL + "mangrove,soil,0-100,150\nmangrove,地上生物量,,40\nmangrove,bgb,,20\n"
    stock = load_set(written(tmp_path, text)).stock("mangrove", "Kandelia obovata")
    assert stock.density_t_c_ha == 210.0
    assert stock.factor_id == "user:2; user:3; user:4"
    assert [pool.words for pool in stock.pools] == [
        "soil 0-100 cm", "aboveground_biomass", "belowground_biomass",
    ]  # fmt: skip


def test_a_pool_that_is_not_soil_needs_no_depth(tmp_path):
    chosen = load_set(written(tmp_path, POOL + "mangrove,biomass,,50\nseagrass,,,9\n"))
    assert chosen.stock("mangrove").pools[0].depth_warning is None
    assert chosen.stock("seagrass").pools[0].depth_warning is None


HEAD = "ecosystem,density_t_c_ha,low,high,interval_kind,n\n"


def own_set(tmp_path, text):
    path = tmp_path / "own.csv"
    path.write_text(text, encoding="utf-8")
    return load_set(path)


@pytest.mark.parametrize("word", ["SD", "Standard deviation", "标准差"])
def test_a_spread_of_sites_becomes_the_interval_of_their_mean(tmp_path, word):
    """Chinese mangrove soil, Fu et al. 2021: 203.6, SD 168.1, n = 129 gives 203.6 ± 29.3."""
    found = own_set(tmp_path, HEAD + f"mangrove,203.6,35.5,371.7,{word},129\n")
    interval = found.stock("mangrove").pools[0].interval
    half = 1.9787 * 168.1 / math.sqrt(129)
    assert (interval.low, interval.high) == pytest.approx((203.6 - half, 203.6 + half), abs=1e-2)
    assert (interval.kind, interval.degrees) == (IntervalKind.CI95_OF_MEAN, 128)


@pytest.mark.parametrize("n", ["", "1"])
def test_a_spread_without_its_number_of_sites_is_refused_with_the_way_out(tmp_path, n):
    with pytest.raises(InputError, match="no error of a mean") as refusal:
        own_set(tmp_path, HEAD + f"mangrove,203.6,35.5,371.7,SD,{n}\n")
    assert refusal.value.rows == (2,)
    assert refusal.value.column == "n"
    assert "站点数" in refusal.value.fix


@pytest.mark.parametrize("n", ["0", "2.5", "-3", "many"])
def test_a_number_of_sites_that_is_none_is_refused(tmp_path, n):
    with pytest.raises(InputError) as refusal:
        own_set(tmp_path, HEAD + f"mangrove,100,90,110,SE,{n}\n")
    assert refusal.value.column == "n"


def test_both_words_for_a_confidence_interval_have_the_same_error():
    one, other = (
        standard_error(100.0, Interval(low=90.0, high=110.0, kind=kind))
        for kind in (IntervalKind.CI95, IntervalKind.CI95_OF_MEAN)
    )
    assert one.value == other.value == pytest.approx(10 / 1.959964)


def test_a_species_that_would_lose_a_pool_of_its_ecosystem_is_refused(tmp_path):
    text = (
        "ecosystem,species,pool,density_t_c_ha\nsalt_marsh,,soil,60\nsalt_marsh,,biomass,10\n"
        "salt_marsh,Spartina alterniflora,biomass,15\n"
    )
    with pytest.raises(InputError, match="has no soil") as refusal:
        own_set(tmp_path, text)
    assert refusal.value.rows == (4, 2)
    assert "row for each pool" in refusal.value.fix
    whole = own_set(tmp_path, text + "salt_marsh,Spartina alterniflora,soil,62.6\n")
    assert whole.stock("salt_marsh", "Spartina alterniflora").density_t_c_ha == pytest.approx(77.6)
