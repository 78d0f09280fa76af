"""Results kept for everybody: made once, handed out while others are made, forgotten together."""

import threading

import pytest

from ui.keeping import forget, shared


def test_a_result_is_made_once_however_many_ask_for_it_at_once():
    made, start = [], threading.Barrier(8)

    @shared(most=4)
    def slow(key):
        made.append(key)
        threading.Event().wait(0.05)
        return key * 2

    got = []

    def ask():
        start.wait()
        got.append(slow(21))

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert got == [42] * 8
    assert made == [21]


def test_what_is_there_is_handed_out_while_something_else_is_made():
    go_on = threading.Event()

    @shared(most=4)
    def result(key):
        if key == "slow":
            go_on.wait(10)
        return key

    result("quick")
    maker = threading.Thread(target=result, args=("slow",))
    maker.start()
    try:
        assert result("quick") == "quick"  # would wait for the other one behind a common lock
        assert maker.is_alive()
    finally:
        go_on.set()
        maker.join()


def test_the_oldest_goes_first_and_what_failed_is_tried_again():
    calls = []

    @shared(most=2)
    def result(key):
        calls.append(key)
        if key == "bad" and calls.count("bad") == 1:
            raise ValueError("not yet")
        return key

    for key in ("a", "b", "a", "c", "a", "b"):
        result(key)
    assert calls == ["a", "b", "c", "b"]
    with pytest.raises(ValueError, match="not yet"):
        result("bad")
    assert result("bad") == "bad"


def test_everything_is_forgotten_together():
    calls = []

    @shared(most=2)
    def result():
        calls.append(1)
        return len(calls)

    assert (result(), result()) == (1, 1)
    forget()
    assert result() == 2


def test_what_older_versions_left_goes_once_three_newer_ones_were_asked_for():
    calls = []

    @shared(most=32)
    def result(version, key=0):
        calls.append((version, key))
        return version

    @shared(most=32)
    def other(key):
        calls.append(key)
        return key

    other("v1")
    for version in ("v1", "v2", "v3", "v1", "v4"):
        result(version)
        result(version, 1)
    calls.clear()
    for version in ("v1", "v3", "v4"):  # v2 was out of use for longest
        result(version, 1)
    other("v1")
    assert calls == []
    result("v2")
    assert calls == [("v2", 0)]
