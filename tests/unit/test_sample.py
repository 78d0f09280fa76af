"""Which workspace is opened, and how the embedded one becomes one's own."""

import pandas as pd
import pytest

from bluecarbon_map import sample
from bluecarbon_map.errors import NotFoundError, ReadOnlyError
from bluecarbon_map.store.base import Change
from bluecarbon_map.store.folder import FolderStore


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.delenv(sample.WORKSPACE_VARIABLE, raising=False)
    return tmp_path / "data" / "bluecarbon_map" / "zhejiang"


def test_the_first_write_copies_the_embedded_workspace_and_says_where(home):
    embedded = sample.open_workspace()
    assert isinstance(embedded, FolderStore)
    assert not home.exists()
    store, said = sample.open_for_writing()
    assert str(home) in said
    assert "副本" in said
    assert sample.workspace_folder() == home
    again, nothing = sample.open_for_writing()
    assert nothing is None
    rows = store.projects().iloc[:1].assign(name_en=pd.Series(["mine"], dtype="str"))
    again.apply(Change(kind="import", actor="甲", tables={"projects": rows}, replace=True))
    assert sample.open_workspace().projects()["name_en"].iloc[0] == "mine"
    assert embedded.projects()["name_en"].iloc[0] != "mine"
    assert [path.name for path in home.parent.iterdir()] == ["zhejiang"]
    assert sample.open_for_writing(sample.embedded_folder())[0].folder == home
    for one in (store, again):
        one.close()


def test_another_folder_of_files_is_not_copied_behind_its_owners_back(workspace_folder, home):
    with pytest.raises(ReadOnlyError, match=r"cannot be written. Copy it into a new workspace"):
        sample.open_for_writing(workspace_folder)
    with pytest.raises(NotFoundError):
        sample.open_for_writing(workspace_folder.parent / "nothing")
    assert not home.exists()
