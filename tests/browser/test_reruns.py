"""When a page counts as served, by what it and the server say to each other; without a browser."""

from __future__ import annotations

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from tests.browser.reruns import Reruns

EARLY, FRAGMENT = (
    ForwardMsg.FINISHED_EARLY_FOR_RERUN,
    ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY,
)


def asks(fragment: str = "", *, clock: bool = False):
    said = BackMsg()
    said.rerun_script.fragment_id, said.rerun_script.is_auto_rerun = fragment, clock
    return lambda page: page.sent(said.SerializeToString())


def asks_for_a_place():
    said = BackMsg()
    said.file_urls_request.request_id = "one"
    return lambda page: page.sent(said.SerializeToString())


def starts(run: str, *fragments: str):
    said = ForwardMsg()
    said.new_session.name = "page"
    return lambda page: page.received(_of(said, run, fragments))


def ends(run: str, *fragments: str, how: int = ForwardMsg.FINISHED_SUCCESSFULLY):
    said = ForwardMsg(script_finished=how)
    return lambda page: page.received(_of(said, run, fragments))


def _of(said: ForwardMsg, run: str, fragments: tuple[str, ...]) -> bytes:
    said.metadata.run.script_run_id = run
    said.metadata.run.fragment_ids.extend(fragments)
    return said.SerializeToString()


def reconnects(page: Reruns) -> None:
    page.begin()


ONE = (starts("1"), ends("1"))


@pytest.mark.parametrize(
    ("told", "served"),
    [
        ((), False),
        ((asks(), *ONE), True),
        ((*ONE, asks()), False),
        ((*ONE, asks(), starts("2")), False),
        ((*ONE, asks(), starts("2"), ends("2")), True),
        ((starts("1"), asks(), ends("1")), False),  # a late word of the run before
        ((starts("1"), asks(), ends("1"), starts("2"), ends("2")), True),
        ((starts("1"), asks(), starts("2"), ends("1")), False),
        ((starts("1"), asks(), starts("2"), ends("2")), True),  # the end of 1 is never told
        ((starts("1"), ends("1", how=EARLY)), False),
        ((starts("1"), ends("1", how=EARLY), starts("2"), ends("2")), True),
        ((*ONE, asks("f"), starts("2", "f"), ends("2", "f", how=FRAGMENT)), True),
        ((*ONE, asks("f"), starts("2", "g"), ends("2", "g", how=FRAGMENT)), False),
        ((*ONE, asks(), starts("2", "f"), ends("2", "f", how=FRAGMENT)), False),
        ((*ONE, asks("f"), starts("2"), ends("2")), True),  # the whole has the part
        ((starts("1"), asks("f"), ends("1")), True),  # the fragment is gone with it
        ((*ONE, asks("f", clock=True)), True),
        ((*ONE, asks("f", clock=True), starts("2", "f")), False),
        ((*ONE, asks_for_a_place()), False),
        ((*ONE, asks_for_a_place(), asks(), starts("2"), ends("2")), True),
        ((*ONE, reconnects), False),
        ((*ONE, reconnects, asks(), starts("2"), ends("2")), True),
    ],
)
def test_a_page_is_served_when_the_last_run_it_asked_for_has_ended(told, served):
    page = Reruns()
    for step in told:
        step(page)
    assert (page.rest_s() > 0) is served
