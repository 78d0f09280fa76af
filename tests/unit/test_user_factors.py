"""A user's own file of coefficients."""

import pytest

from bluecarbon_map.errors import (
    ColumnError,
    DuplicateIdError,
    EmptyLayerError,
    InputError,
    UnknownEcosystemError,
)
from bluecarbon_map.factors import load_set

SHORT = "ecosystem,c_t_ha\n"
SPECIES = "ecosystem,species,c_t_ha\n"
INTERVAL = "ecosystem,c_t_ha,low,high\n"


def written(tmp_path, text, encoding="utf-8-sig"):
    path = tmp_path / "mine.csv"
    path.write_bytes(text.encode(encoding))
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_users_file_is_read_in_chinese(tmp_path, encoding):
    text = (
        "生态系统,优势种,碳密度,下限,上限,固碳速率,来源\n"
        "盐沼,互花米草,50,40,65,1.5,实测\n"
        "光滩,,,,,,\n"
    )
    chosen = load_set(written(tmp_path, text, encoding))
    stock = chosen.stock("salt_marsh", "Spartina alterniflora")
    rate = chosen.sequestration("salt_marsh", "Spartina alterniflora")
    assert stock is not None
    assert rate is not None
    assert (stock.density_t_c_ha, stock.factor_id, stock.why_zh) == (50.0, "user:2", "实测")
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
