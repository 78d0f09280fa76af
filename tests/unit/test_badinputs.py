"""The whole corpus of bad input through the gate: right verdicts, no request, no foreign byte."""

import re
import socket
import time
import zipfile
from dataclasses import asdict, replace
from pathlib import Path

import pytest
from scripts.badinputs import FOLDER, is_right, kind_of, manifest

from bluecarbon_map.gate.ecology import NO_COLUMN
from bluecarbon_map.gate.inspect import check_file
from bluecarbon_map.gate.kinds import Kind, Options
from bluecarbon_map.gate.problems import Severity, Verdict
from bluecarbon_map.gate.region import region_of
from bluecarbon_map.gate.sandbox import DEFAULT_LIMITS, Nursery
from bluecarbon_map.sample import open_workspace
from ui.library_words import in_language

CANARY_PORT = 18999
"""The address that the files name."""

LONGEST_S = 10
SECRET = "the-canary-has-sung-4711"
LINKS = {
    "ogr": "<OGRVRTDataSource><OGRVRTLayer name='secret'><SrcDataSource>CSV:{file}</SrcDataSource>"
    "</OGRVRTLayer></OGRVRTDataSource>",
    "raster": "<VRTDataset rasterXSize='20' rasterYSize='1'><SRS>EPSG:4326</SRS><GeoTransform>121,"
    "0.01,0,28,0,-0.01</GeoTransform><VRTRasterBand dataType='Byte' band='1' "
    "subClass='VRTRawRasterBand'><SourceFilename>{file}</SourceFilename></VRTRasterBand>"
    "</VRTDataset>",
    "kml": "<kml><Document><NetworkLink><Link><href>file://{file}</href></Link></NetworkLink>"
    "</Document></kml>",
    "entity": "<!DOCTYPE kml [<!ENTITY x SYSTEM 'file://{file}'>]><kml><Placemark><name>&x;</name>"
    "</Placemark></kml>",
    "crs": '{{"type":"FeatureCollection","crs":{{"type":"link","properties":{{"href":"{file}"}}}},'
    '"features":[]}}',
    "name": "{file}",
}


@pytest.fixture(scope="module")
def nursery():
    with Nursery(warm=True) as made:
        yield made


@pytest.fixture(scope="module")
def region():
    return region_of(open_workspace())


@pytest.fixture(scope="module")
def canary():
    """Listens where the files point, and fails the test after which somebody has called."""
    with socket.create_server(("127.0.0.1", CANARY_PORT)) as heard:
        heard.setblocking(False)
        yield heard


@pytest.fixture(params=[True, False], ids=["namespace", "no namespace"])
def look(request, nursery, region, canary, tmp_path):
    """Checks one file, with the network taken away altogether and with the second layer alone."""
    limits = replace(DEFAULT_LIMITS, cut_off=request.param)

    def looked(path, name, kind):
        return check_file(
            path, name, Options(kind=kind), region, work=tmp_path, limits=limits, nursery=nursery
        )

    yield looked
    with pytest.raises(BlockingIOError):
        canary.accept()


def is_chinese(text):
    """Whether a sentence is told in Chinese, whatever of the file it quotes."""
    plain = re.sub(r"'[^']*'|（[^）]*）", "", text)
    return re.search("[一-鿿]", plain) and not re.search("[a-z]{2,} [a-z]{2,}", plain)


@pytest.mark.parametrize("row", manifest(), ids=lambda row: row["file"])
def test_every_file_gets_its_verdict(row, look, tmp_path):
    name = row["upload_name"].encode().decode("unicode_escape")
    said = look(FOLDER / row["file"], name, kind_of(row["file"]))
    told = [(one.severity.value, one.code, one.message) for one in said.problems]
    assert is_right(row, said.verdict), told
    assert all(one.message and one.fix for one in said.problems)
    texts = [text for one in said.problems for text in (one.message, one.fix)]
    assert [text for text in texts if not is_chinese(in_language(text, "zh"))] == []
    assert (said.verdict is Verdict.REJECT) == any(
        one.severity is Severity.ERROR for one in said.problems
    )
    assert said.table is None or tmp_path in said.table.parents
    is_asked = any(one.code == NO_COLUMN for one in said.problems)
    assert (said.table is None) == (said.verdict is Verdict.REJECT or said.rows == 0 or is_asked)
    assert "root:x:0" not in repr(asdict(said))
    assert not Path("/var/tmp/canary").exists()


def test_the_corpus_is_whole():
    files = {str(p.relative_to(FOLDER)) for p in FOLDER.rglob("*") if p.is_file()}
    assert {row["file"] for row in manifest()} == files - {"manifest.csv"}
    assert len(manifest()) == 143


@pytest.mark.parametrize("kind", [Kind.HABITATS, Kind.SITES, Kind.RASTER])
@pytest.mark.parametrize("link", LINKS)
def test_no_byte_of_a_foreign_file_gets_into_an_answer(link, kind, look, tmp_path):
    secret = tmp_path / "secret.csv"
    secret.write_text(f"site_id,name\n1,{SECRET}\n")
    body = LINKS[link].format(file=secret)
    plain, packed = tmp_path / "upload.geojson", tmp_path / "upload.zip"
    plain.write_text(body)
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("sites.shp", body)
        archive.writestr("sites.dbf", body)
    for path in (plain, packed):
        said = look(path, path.name, kind)
        assert SECRET not in repr(asdict(said))
        assert said.table is None or SECRET.encode() not in said.table.read_bytes()


def test_a_verdict_on_a_small_file_comes_soon_even_from_a_cold_start(region, tmp_path):
    begun = time.process_time()
    with Nursery() as cold:
        said = check_file(
            FOLDER / "shp" / "bomb_nested.zip",
            "bomb.zip",
            Options(kind=Kind.HABITATS),
            region,
            work=tmp_path,
            nursery=cold,
        )
    assert said.verdict is Verdict.REJECT
    assert time.process_time() - begun < LONGEST_S
