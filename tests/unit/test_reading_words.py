"""What reading says of species and of mended outlines."""

import pytest
import shapely

from bluecarbon_map.errors import InputError
from bluecarbon_map.geodesy import EQUAL_AREA_CRS
from bluecarbon_map.reading import read_habitats
from tests.builders import habitats, write


def written(tmp_path, layer, name="layer.gpkg"):
    return str(write(layer, tmp_path / name))


def test_a_species_that_does_not_live_in_its_ecosystem_is_refused(tmp_path):
    mine = habitats().assign(
        ecosystem=["mangrove", "互花米草", "salt_marsh", "tidal_flat"],
        species=["互花米草", "Phragmites australis", "芦苇", None],
    )
    with pytest.raises(
        InputError,
        match=r"column 'species', rows 1, 2: the species contradicts the ecosystem: "
        r"互花米草 in mangrove, Phragmites australis in Spartina alterniflora",
    ):
        read_habitats(written(tmp_path, mine))
    right = mine.assign(species=["秋茄", "Spartina alterniflora", "some grass", None])
    layer, _ = read_habitats(written(tmp_path, right, "b.gpkg"))
    assert layer["species"].tolist()[:3] == [
        "Kandelia obovata", "Spartina alterniflora", "some grass",
    ]  # fmt: skip


def test_the_area_before_a_mending_is_told_where_no_outline_crosses_itself(tmp_path):
    shell, hole = shapely.box(121, 28, 121.1, 28.1), shapely.box(121.2, 28.2, 121.21, 28.21)
    apart = shapely.Polygon(shell.exterior, [hole.exterior.coords])
    mine = habitats().iloc[:1].set_geometry([apart], crs="EPSG:4490")
    _, said = read_habitats(written(tmp_path, mine, "a.parquet"), repair=True)
    before_ha = mine.to_crs(EQUAL_AREA_CRS).area.sum() / 1e4
    assert f"before: {before_ha:.4f} ha, after: " in said[0]
