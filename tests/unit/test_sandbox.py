"""The child of an inspection: what it may not do, and how every end of it is told."""

import os
import socket
import sys
import textwrap
import threading
import time
from dataclasses import replace

import pytest

from bluecarbon_map.gate import sandbox
from bluecarbon_map.gate.sandbox import DEFAULT_LIMITS, Ending, Limits, Nursery

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="processes are forked")

BOOT = """
import sys; sys.path.insert(0, {root!r})
from bluecarbon_map.gate import child
def work(job, limits):
    from bluecarbon_map.gate import confine
    (job / "scratch").mkdir()
    cut = confine.shut_in(job / "scratch", limits)
    exec((job / "input").read_text(), {{"job": job, "cut": cut}})
child.work = work
child._LIBRARIES = ("bluecarbon_map.gate.confine",)
child.serve(warm=False)
"""


@pytest.fixture
def nursery(monkeypatch):
    """A nursery whose children run the program in the file, shut in as any other."""
    root = str(sandbox.Path(sandbox.bluecarbon_map.__file__).parents[1])
    monkeypatch.setattr(sandbox, "_boot", lambda *, warm: BOOT.format(root=root))
    monkeypatch.setenv("DATABASE_PASSWORD", "secret")
    with Nursery() as made:
        yield made


@pytest.fixture
def ends(nursery, tmp_path):
    """Runs a program in a confined child: how it ended, and what it left in ``said``."""

    def run(program, limits=DEFAULT_LIMITS, **kwargs):
        job = tmp_path / f"job{len(list(tmp_path.iterdir()))}"
        job.mkdir()
        (job / "input").write_text(textwrap.dedent(program))
        ending = nursery.run(job, limits, **kwargs)
        said = job / "said"
        return ending, said.read_text() if said.exists() else None

    return run


def test_a_child_that_does_its_work_is_done(ends):
    assert ends("(job / 'said').write_text('here')") == (Ending.DONE, "here")


def test_a_child_that_fails_is_told_as_crashed_and_the_next_one_still_runs(ends):
    assert ends("1 / 0")[0] is Ending.CRASHED
    assert ends("import os; os.abort()")[0] is Ending.CRASHED
    assert ends("import ctypes; ctypes.string_at(0)")[0] is Ending.CRASHED
    assert ends("pass")[0] is Ending.DONE


def test_a_child_that_never_ends_is_killed_when_its_time_is_up(ends):
    assert ends("while True: pass", replace(DEFAULT_LIMITS, wall_s=0.3))[0] is Ending.TIME
    slow = "import time\ntime.sleep(60)"
    assert ends(slow, replace(DEFAULT_LIMITS, wall_s=0.3))[0] is Ending.TIME


def test_a_child_that_burns_its_processor_time_is_killed(ends):
    assert ends("while True: pass", replace(DEFAULT_LIMITS, wall_s=60, cpu_s=1))[0] is Ending.TIME


def test_a_child_that_asks_for_too_much_memory_is_told_so(ends):
    assert ends("bytearray(3_000_000_000)")[0] is Ending.MEMORY


def test_a_child_cannot_fill_the_disk(ends):
    program = """
        with open(job / "said", "wb") as out:
            for _ in range(100):
                out.write(bytes(1_000_000))
    """
    ending, said = ends(program, replace(DEFAULT_LIMITS, written_bytes=2_000_000))
    assert ending is Ending.CRASHED
    assert len(said) == 2_000_000


def test_a_check_can_be_cancelled_while_it_runs(ends):
    asked = []
    ending, _ = ends("while True: pass", cancel=lambda: asked.append(1) or len(asked) > 2)
    assert ending is Ending.CANCELLED


def test_a_job_that_waits_for_another_says_so_and_can_be_cancelled(tmp_path):
    said = []
    with Nursery() as nursery:
        with nursery._busy:  # as long as another job runs
            ending = nursery.run(
                tmp_path, DEFAULT_LIMITS, lambda *one: said.append(one), lambda: len(said) > 1
            )
        assert ending is Ending.CANCELLED
    assert said == [("waiting", 0, 0)] * 2


def test_how_far_it_is_reaches_the_server(ends, tmp_path):
    heard = []
    program = """
        import time
        (job / "progress").write_text("reading 3 9 ")
        while not (job / "heard").exists():
            time.sleep(0.01)
    """

    def hear(*said):
        heard.append(said)
        (tmp_path / "job0" / "heard").touch()

    assert ends(program, progress=hear)[0] is Ending.DONE
    assert heard == [("reading", 3, 9)]


@pytest.mark.parametrize("cut_off", [True, False])
def test_a_child_reaches_no_network_with_and_without_the_namespace(ends, cut_off):
    heard = socket.create_server(("127.0.0.1", 0))
    port = heard.getsockname()[1]
    program = f"""
        import socket
        try:
            socket.create_connection(("127.0.0.1", {port}), timeout=1)
            said = "reached"
        except OSError as problem:
            said = type(problem).__name__
        (job / "said").write_text(said)
    """
    ending, said = ends(program, replace(DEFAULT_LIMITS, cut_off=cut_off))
    heard.setblocking(False)
    with pytest.raises(BlockingIOError):
        heard.accept()
    heard.close()
    assert (ending, said) == (Ending.DONE, "PermissionError")


def test_gdal_in_a_child_reaches_no_network_even_without_the_namespace(ends):
    heard = socket.create_server(("127.0.0.1", 0))
    port = heard.getsockname()[1]
    program = f"""
        import pyogrio, rasterio
        said = []
        for opened in (pyogrio.read_info, rasterio.open):
            try:
                opened("/vsicurl/http://127.0.0.1:{port}/x.tif")
            except Exception as problem:
                said.append(type(problem).__name__)
        (job / "said").write_text(" ".join(said))
    """
    ending, said = ends(program, replace(DEFAULT_LIMITS, cut_off=False))
    heard.setblocking(False)
    with pytest.raises(BlockingIOError):
        heard.accept()
    heard.close()
    assert ending is Ending.DONE
    assert len(said.split()) == 2


def test_a_child_starts_no_process(ends):
    program = """
        import os, subprocess
        refused = 0
        for start in (lambda: subprocess.run(["true"]), lambda: os.system("true"), os.fork):
            try:
                start()
            except PermissionError:
                refused += 1
        (job / "said").write_text(str(refused))
    """
    assert ends(program) == (Ending.DONE, "3")


def test_a_child_knows_nothing_of_the_servers_environment_and_works_in_its_own_folder(ends):
    program = """
        import os
        (job / "said").write_text(f"{'DATABASE_PASSWORD' in os.environ} {os.listdir('.')}")
    """
    assert ends(program) == (Ending.DONE, "False []")


def test_a_child_leaves_no_core_and_runs_in_a_session_of_its_own(ends):
    program = """
        import os, resource
        limits = resource.getrlimit(resource.RLIMIT_CORE)
        (job / "said").write_text(f"{limits} {os.getsid(0) == os.getpid()}")
    """
    assert ends(program) == (Ending.DONE, "(0, 0) True")


def test_a_nursery_that_was_killed_is_told_and_starts_anew(nursery, ends):
    nursery._started()
    os.kill(nursery._process.pid, 9)
    nursery._process.wait()
    assert ends("pass")[0] is Ending.DONE


def test_a_nursery_that_dies_under_a_job_ends_the_job_too(nursery, ends, tmp_path):
    def kill():
        said = tmp_path / "job0" / "said"
        while not (said.exists() and said.read_text()):  # it is there before its content is
            time.sleep(0.01)
        os.kill(nursery._process.pid, 9)

    killer = threading.Thread(target=kill)
    killer.start()
    ending, pid = ends(
        "import os, time\n(job / 'said').write_text(str(os.getpid()))\ntime.sleep(60)"
    )
    killer.join()
    assert ending is Ending.NOT_STARTED
    if sys.platform == "linux":
        for _ in range(200):
            if not os.path.exists(f"/proc/{pid}"):  # noqa: PTH110
                return
            time.sleep(0.02)
        with open(f"/proc/{pid}/stat") as stat:  # noqa: PTH123
            assert stat.read().split()[2] == "Z"


def test_limits_grow_with_the_file_by_a_stated_rule():
    assert (Limits().grown(1_000).cpu_s, Limits().grown(1_000).wall_s) == (8, 40)
    assert (Limits().grown(50_000_000).cpu_s, Limits().grown(50_000_000).wall_s) == (58, 290)
    assert (Limits().grown(900_000_000).cpu_s, Limits().grown(900_000_000).wall_s) == (120, 600)
    assert Limits().grown(700_000_000, budget_s=900).wall_s == 900
    assert Limits().grown(700_000_000, budget_s=900).cpu_s == 901
    assert Limits().grown(700_000_000).memory_bytes == 2_147_483_648 + 8 * 600_000_000
    assert Limits().grown(700_000_000).file_bytes < 700_000_000
    assert Limits().grown(700_000_000, budget_s=900).file_bytes > 700_000_000


def test_a_pipe_in_place_of_the_progress_holds_nobody_up(tmp_path):
    os.mkfifo(tmp_path / "progress")
    assert sandbox._progress(tmp_path) is None


def test_a_link_in_place_of_the_progress_is_not_followed(tmp_path):
    (tmp_path / "told").write_text("reading 1 2 \n")
    (tmp_path / "progress").symlink_to(tmp_path / "told")
    assert sandbox._progress(tmp_path) is None
    (tmp_path / "progress").unlink()
    (tmp_path / "told").rename(tmp_path / "progress")
    assert sandbox._progress(tmp_path) == ("reading", 1, 2)
