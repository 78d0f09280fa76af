import csv

import pytest

from bluecarbon_map import files


def test_the_checkouts_data_are_found():
    folder = files.data_folder()
    assert (folder / "vocabulary" / "words.csv").is_file()
    assert (folder / "zhejiang" / "targets.csv").is_file()


def test_a_wheels_own_copy_comes_before_a_folder_that_happens_to_lie_beside_it(
    tmp_path, monkeypatch
):
    package = tmp_path / "site" / "lib" / "bluecarbon_map"
    for folder in (package / "data", tmp_path / "site" / "data"):
        (folder / "vocabulary").mkdir(parents=True)
    monkeypatch.setattr(files, "_PACKAGE", package)
    assert files.data_folder() == package / "data"


def test_a_damaged_installation_says_so(tmp_path, monkeypatch):
    monkeypatch.setattr(files, "_PACKAGE", tmp_path / "a" / "b" / "bluecarbon_map")
    with pytest.raises(FileNotFoundError, match="installation is damaged"):
        files.data_folder()
    with pytest.raises(FileNotFoundError, match="installation is damaged"):
        files.app_folder()


@pytest.mark.parametrize("name", ["targets", "projects", "registers"])
def test_embedded_tables_open_in_a_spreadsheet(name):
    path = files.data_folder() / "zhejiang" / f"{name}.csv"
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    assert len({len(row) for row in rows}) == 1
