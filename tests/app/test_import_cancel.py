"""What can be stopped is stopped; what is being stored is carried to its end and told."""

from __future__ import annotations

import sqlite3
import threading
import time

import pytest

from bluecarbon_map.store.sqlite import FILE
from tests.app.conftest import Opened, text_of
from tests.app.test_import_page import filled, patches, pressed, settled
from ui.import_job import Job, StoppedError


def keys(test):
    return {button.key for button in test.button}


def test_what_is_stored_cannot_be_cancelled_and_has_its_receipt(opened: Opened, office):
    test = filled(opened, patches())
    pressed(test, "import_preview")
    settled(test)
    for tick in test.checkbox:
        tick.check()
    test.run()
    other = sqlite3.connect(office.folder / FILE, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")  # somebody else writes: this import waits for them
    pressed(test, "import_store")
    job = test.session_state["import_draft"].job
    until = time.monotonic() + 60
    while not job.is_sealed():
        assert time.monotonic() < until
        time.sleep(0.02)
    assert not job.stop()
    text = text_of(test.run())
    assert "import_stop" not in keys(test)
    assert "正在入库，之后可以撤销" in text
    other.rollback()
    other.close()
    assert "已保存，第" in text_of(settled(test))


def test_work_that_was_stopped_first_writes_nothing():
    turn, wrote = threading.Event(), []

    def work(job):
        turn.wait(30)
        job.seal()
        wrote.append(1)

    job = Job(work)
    assert job.stop(0.0)
    turn.set()
    assert job.is_done(30)
    with pytest.raises(StoppedError):
        job.result()
    assert not wrote
