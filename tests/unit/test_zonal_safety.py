"""Files made to reach for other files or the network, or to use up memory."""

from __future__ import annotations

import subprocess
import sys
import time

import numpy as np
import pytest
import rasterio
import rasterio.shutil
import shapely

from bluecarbon_map.errors import RasterError
from bluecarbon_map.tiles import RasterLayer, Tile, empty_tile
from bluecarbon_map.zonal import class_areas, describe, means, raster, strips
from bluecarbon_map.zonal.views import opened_at, shapes
from tests.builders import raster as passport
from tests.rasters import of, written, zones

PLACE = {"crs": "EPSG:4490", "west": 121.0, "north": 28.5, "step": 0.01}
ZONE = zones(shapely.box(121.0, 28.42, 121.08, 28.5), crs="EPSG:4490")
LISTENER = """
import http.server, sys
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        open(sys.argv[1], "a").write(self.path + "\\n")
        self.send_error(404)
    do_HEAD = do_GET
    def log_message(self, *given): pass
server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
print(server.server_address[1], flush=True)
server.serve_forever()
"""
"""In a process of its own: GDAL waits for an answer without letting another thread run."""

SERVICE = (
    '<GDAL_WMS><Service name="TMS"><ServerUrl>http://127.0.0.1:{port}/${{z}}/${{x}}/${{y}}.png'
    "</ServerUrl></Service><DataWindow><UpperLeftX>-20037508</UpperLeftX>"
    "<UpperLeftY>20037508</UpperLeftY><LowerRightX>20037508</LowerRightX>"
    "<LowerRightY>-20037508</LowerRightY><TileLevel>2</TileLevel><TileCountX>1</TileCountX>"
    "<TileCountY>1</TileCountY></DataWindow><Projection>EPSG:3857</Projection>"
    "<BlockSizeX>256</BlockSizeX><BlockSizeY>256</BlockSizeY><BandsCount>1</BandsCount></GDAL_WMS>"
)


class Listener:
    """A web server on this machine that keeps what it was asked for."""

    def __init__(self, log):
        self._log = log
        self._process = subprocess.Popen(
            [sys.executable, "-c", LISTENER, str(log)], stdout=subprocess.PIPE, text=True
        )
        self.port = int(self._process.stdout.readline())

    def asked(self):
        return self._log.read_text().split() if self._log.exists() else []

    def close(self):
        self._process.kill()
        self._process.communicate()


@pytest.fixture(scope="module")
def listener(tmp_path_factory):
    made = Listener(tmp_path_factory.mktemp("listener") / "asked.txt")
    yield made
    made.close()


@pytest.fixture
def targets(tmp_path, listener):
    """What a file may name, by kind."""
    other = written(tmp_path / "other.tif", np.full((4, 4), 10, np.uint8), **PLACE | {"step": 0.02})
    rasterio.shutil.copy(other, tmp_path / "other.vrt", driver="VRT")
    return {
        "tif": str(other),
        "vrt": str(tmp_path / "other.vrt"),
        "service": SERVICE.format(port=listener.port),
        "vsicurl": f"/vsicurl/http://127.0.0.1:{listener.port}/a.tif",
        "http": f"http://127.0.0.1:{listener.port}/b.tif",
    }


def pointing(path, target, name="OVERVIEW_FILE", domain="OVERVIEWS"):
    """A raster of zeros that names another file as its overviews."""
    written(path, np.zeros((8, 8), np.uint8), **PLACE)
    with rasterio.open(path, "r+") as file:
        file.update_tags(ns=domain, **{name: target})
    return path


# --- files that name others


KINDS = ["tif", "vrt", "service", "vsicurl", "http"]


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_that_names_another_as_its_overviews_is_refused_and_nothing_is_asked_for(
    tmp_path, targets, listener, kind
):
    path, before = pointing(tmp_path / "p.tif", targets[kind]), listener.asked()
    for ask in (
        lambda: describe(path),
        lambda: class_areas(path, ZONE),
        lambda: means(path, ZONE),
        lambda: RasterLayer(path, passport()),
    ):
        with pytest.raises(RasterError, match=r"p\.tif: it points to another file or address"):
            ask()
    assert listener.asked() == before


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_that_changes_after_it_was_looked_at_is_refused_too(
    tmp_path, targets, listener, kind
):
    path = written(tmp_path / "p.tif", np.full((8, 8), 10, np.uint8), **PLACE)
    layer, before = RasterLayer(path, passport()), listener.asked()
    pointing(path, targets[kind])
    for draw in (lambda: layer.draw(Tile(5, 26, 13)), lambda: shapes(path), lambda: level(path, 1)):
        with pytest.raises(RasterError, match="points to another file"):
            draw()
    assert listener.asked() == before


def level(path, at):
    with opened_at(path, at) as view:
        return view.read(1)


@pytest.mark.parametrize(
    ("name", "domain"),
    [("overview_file", "overviews"), ("OVERVIEW_FILE:", "OVERVIEWS"), ("ANY", "Overviews"),
     ("X_DATASET", "GEOLOCATION")],
)  # fmt: skip
def test_other_spellings_are_refused_as_well(tmp_path, targets, name, domain):
    path = pointing(tmp_path / "s.tif", targets["tif"], name, domain)
    with pytest.raises(RasterError, match="points to another file"):
        RasterLayer(path, passport())


def test_without_the_refusal_gdal_would_open_another_driver_and_ask_the_network(
    tmp_path, targets, listener
):
    for kind in ("vrt", "service"):
        path = pointing(tmp_path / f"{kind}.tif", targets[kind])
        with rasterio.open(path, driver="GTiff") as source:
            assert source.overviews(1)
    before = listener.asked()
    path = pointing(tmp_path / "c.tif", targets["http"])
    with rasterio.open(path, driver="GTiff") as source:
        source.overviews(1)
    assert len(listener.asked()) > len(before)


@pytest.mark.parametrize("kind", ["vsicurl", "http"])
def test_the_network_stays_closed_even_for_a_file_that_was_not_refused(
    tmp_path, targets, listener, kind
):
    path, before = pointing(tmp_path / "n.tif", targets[kind]), listener.asked()
    with rasterio.Env(**raster.OPENING), rasterio.open(path, driver="GTiff") as source:
        assert source.overviews(1) == []
    assert listener.asked() == before


@pytest.mark.parametrize("suffix", [".msk", ".ovr"])
def test_a_mask_or_overviews_beside_the_file_are_not_opened(tmp_path, targets, listener, suffix):
    path = written(tmp_path / "m.tif", np.full((8, 8), 10, np.uint8), **PLACE)
    (tmp_path / f"m.tif{suffix}").write_text(SERVICE.format(port=listener.port))
    before = listener.asked()
    assert of(class_areas(path, ZONE)).keys() == {10}
    assert shapes(path) == [(8, 8)]
    assert RasterLayer(path, passport()).draw(Tile(9, 428, 213)) != empty_tile()
    assert listener.asked() == before


# --- files that are larger than they look


@pytest.fixture(scope="module")
def vast(tmp_path_factory):
    """60,000 × 60,000 pixels without overviews, nearly all of them left out of the file."""
    path = tmp_path_factory.mktemp("vast") / "vast.tif"
    with rasterio.open(
        path, "w", driver="GTiff", width=60_000, height=60_000, count=1, dtype="uint8", nodata=255,
        crs="EPSG:4490", transform=rasterio.Affine(1e-4, 0, 118.0, 0, -1e-4, 32.0), tiled=True,
        blockxsize=512, blockysize=512, compress="deflate", sparse_ok=True,
    ) as file:  # fmt: skip
        file.write(np.full((1, 1024, 1024), 10, np.uint8), window=((0, 1024), (0, 1024)))
    return path


def test_a_vast_raster_without_overviews_is_drawn_from_near_only(vast):
    layer = RasterLayer(vast, passport())
    assert path_size(vast) < 2e6
    begun = time.process_time()  # our own work, however busy the machine is
    assert layer.draw(Tile(6, 52, 26)) == empty_tile()
    assert time.process_time() - begun < 0.5
    assert 7 < layer.from_zoom <= 10
    assert layer.draw(over(118.05, 31.95, layer.from_zoom)) != empty_tile()
    assert layer.draw(over(118.05, 31.95, layer.from_zoom - 1)) == empty_tile()
    assert layer.codes is None


def over(lon, lat, zoom):
    count = 2**zoom
    north = np.log(np.tan(np.pi / 4 + np.radians(lat) / 2)) / np.pi
    return Tile(zoom, int((lon + 180) / 360 * count), int((1 - north) / 2 * count))


def path_size(path):
    return path.stat().st_size


def test_a_small_raster_without_overviews_is_drawn_from_everywhere(tmp_path):
    path = written(
        tmp_path / "s.tif", np.full((2000, 2000), 10, np.uint8), **PLACE | {"step": 1e-3}
    )
    assert RasterLayer(path, passport()).from_zoom == 0


def test_one_block_of_a_file_fits_into_memory(tmp_path):
    place = rasterio.Affine(1e-4, 0, 118.0, 0, -1e-4, 32.0)
    path = tmp_path / "block.tif"
    with rasterio.open(
        path, "w", driver="GTiff", width=20_000, height=20_000, count=1, dtype="uint8",
        crs="EPSG:4490", transform=place, tiled=True, blockxsize=20_000, blockysize=20_000,
        compress="deflate", sparse_ok=True,
    ):  # fmt: skip
        pass
    with pytest.raises(RasterError, match=r"blocks of 20,000 × 20,000 pixels, 400 MB each"):
        describe(path)


@pytest.mark.parametrize(("most_bytes", "tallest"), [(8 * 6 * 4, 4), (8 * 6, 1), (10**6, 6)])
def test_strips_are_bounded_by_bytes(tmp_path, monkeypatch, most_bytes, tallest):
    grid = np.arange(36, dtype=np.uint8).reshape(6, 6)
    path = written(tmp_path / "g.tif", grid, north=600.0)
    whole = zones(shapely.box(0, 0, 600, 600))
    expected = class_areas(path, whole)
    monkeypatch.setattr(strips, "MOST_BYTES", most_bytes)
    with strips.work_of(path, whole, "zone_id", 1, 512, lambda band: None) as work:
        assert max(piece.pixels.shape[0] for piece in work.strips()) == tallest
    assert class_areas(path, whole).equals(expected)


@pytest.mark.parametrize("shape", [(2, 40), (40, 2)])
def test_a_row_or_a_column_that_does_not_fit_is_refused(tmp_path, monkeypatch, shape):
    monkeypatch.setattr(strips, "MOST_BYTES", 8 * 30)
    path = written(tmp_path / "w.tif", np.ones(shape, np.uint8), north=4000.0)
    for ask in (class_areas, means):
        with pytest.raises(RasterError, match="at most 30 in a row or a column"):
            ask(path, zones(shapely.box(0, 0, 4000, 4000)))


# --- one file, one place


def upside_down(path):
    """Turn a file's pixel height negative, as some programs write a raster whose rows run north."""
    scale = np.array([0.01, 0.01], "<f8").tobytes()
    content = path.read_bytes()
    assert content.count(scale) == 1
    path.write_bytes(content.replace(scale, np.array([0.01, -0.01], "<f8").tobytes()))
    return path


def test_a_raster_with_a_negative_scale_is_drawn_where_it_is_measured(tmp_path):
    path = upside_down(written(tmp_path / "up.tif", np.full((100, 100), 10, np.uint8), **PLACE))
    above, below = (shapely.box(121.0, lat, 122.0, lat + 1.0) for lat in (28.5, 27.5))
    table = class_areas(path, zones(above, below, crs="EPSG:4490"))
    assert set(of(table, "a")) == {10}
    assert set(of(table, "b")) == {-1}
    layer = RasterLayer(path, passport())
    assert layer.draw(over(121.5, 29.0, 9)) != empty_tile()
    assert layer.draw(over(121.5, 28.0, 9)) == empty_tile()
