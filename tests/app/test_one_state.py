"""The run of a page looks at one state of the workspace, and at its copy once it is written to."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from streamlit.testing.v1 import AppTest

from bluecarbon_map.sample import embedded_folder, own_folder
from bluecarbon_map.store.base import Change
from bluecarbon_map.store.places import open_store
from ui import cached, editing


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    """Nobody has written here yet."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    cached.forget()
    yield
    cached.forget()


@pytest.fixture
def own():
    """One's own copy of the embedded workspace, opened by another process as it were."""
    register, _ = editing.register()
    cached.forget()
    return open_store(register.folder)


def rename(store, name):
    """Another name for the first project."""
    rows = store.projects().iloc[:1].assign(name_zh=name)
    store.apply(Change(kind="edit", actor="test", tables={"projects": rows}, replace=True))


def test_within_a_run_nothing_moves_and_the_next_one_sees_it(own):
    with cached.one_state():
        before = cached.workspace().version
        rename(own, "改名")
        assert cached.workspace().version == before
    assert cached.workspace().version == own.version != before


def test_a_copy_that_is_made_within_a_run_is_looked_at_from_then_on():
    assert cached.workspace().folder == embedded_folder()
    with cached.one_state():
        assert cached.workspace().folder == embedded_folder()
        editing.register()
        assert cached.workspace().folder == own_folder()
    assert cached.workspace().folder == own_folder()


def test_whoever_looks_anew_within_a_run_sees_what_another_thread_wrote(own):
    with cached.one_state():
        before = cached.workspace().projects()["name_zh"].iloc[0]
        with ThreadPoolExecutor(1) as other:
            other.submit(rename, own, "改名").result()
        assert cached.workspace().projects()["name_zh"].iloc[0] == before
        cached.look_anew()
        assert cached.workspace().version == own.version
        assert cached.workspace().projects()["name_zh"].iloc[0] == "改名" != before


def test_what_guards_a_write_is_no_newer_than_what_is_shown(own):
    def script():
        import streamlit as st

        from bluecarbon_map.sample import own_folder
        from bluecarbon_map.store.places import open_register
        from tests.app.test_one_state import rename
        from ui import cached, project_state, projects

        with cached.one_state():
            row = cached.workspace().projects().iloc[0]
            rename(open_register(own_folder()), "改名")
            projects.start((row["project_id"], row["indicator"]))
            opened = project_state.draft()
            st.session_state["found"] = (opened.before["name_zh"], opened.seen)

    test = AppTest.from_function(script).run()
    assert not test.exception
    assert test.session_state["found"] == ("改名", 2)


def test_a_run_that_fails_leaves_nothing_behind(own):
    with pytest.raises(ZeroDivisionError), cached.one_state():
        assert 1 / 0
    rename(own, "改名")
    assert cached.workspace().version == own.version
