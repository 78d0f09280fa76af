"""What a workspace says of itself: by command, by hand, never two at once."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from bluecarbon_map.cli import main
from bluecarbon_map.errors import ConflictError, InputError, NotFoundError
from bluecarbon_map.gate.describing import describe, described
from tests import builders
from tests.contract.stores import WRITABLE


@pytest.fixture
def office(tmp_path):
    return WRITABLE["sqlite"](lambda: tmp_path, None)


def run(*words, code=0):
    found = CliRunner().invoke(main, ["describe", *[str(word) for word in words]])
    assert found.exit_code == code, found.output
    return found


def test_the_number_of_a_reviewed_map_and_the_survey_are_said_shown_and_taken_back(office):
    found = run("--workspace", office.folder, "--map-review-number", "浙S(2026)12号", "--survey",
                "S-2025", "--factors", "china-species", "--who", "张三", "--reason", "送审",
                "--json")  # fmt: skip
    said = json.loads(found.stdout)
    assert (said["map_review_number"], said["default_survey_id"]) == ("浙S(2026)12号", "S-2025")
    assert (office.info.factor_set, office.info.name_zh) == ("china-species", "小")
    newest = office.changes().iloc[0]
    assert (newest["actor"], newest["reason"], newest["kind"]) == ("张三", "送审", "edit")
    office.undo(said["stored"]["change_id"], actor="乙")
    assert office.info.map_review_number is None
    assert office.info.default_survey_id == "S-2022"


def test_without_an_option_it_shows_and_stores_nothing(office):
    before = office.version
    said = json.loads(run("--workspace", office.folder, "--json").stdout)
    assert (said["name_zh"], said["zone_id"]) == ("小", "330000")
    assert office.version == before


def test_the_usual_survey_is_named_by_nothing(office):
    run("--workspace", office.folder, "--survey", "")
    assert office.said().default_survey_id is None
    assert office.info.default_survey_id == "S-2025"  # the newest baseline


@pytest.mark.parametrize(
    ("said", "refused"),
    [
        ({"name_zh": " "}, InputError),
        ({"name_zh": "字" * 201}, InputError),
        ({"zone_id": "350000"}, InputError),
        ({"name_zh": "小"}, InputError),
        ({"default_survey_id": "S-1999"}, NotFoundError),
        ({"default_plan_id": "none"}, NotFoundError),
        ({"factor_set": "../x.csv"}, NotFoundError),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_stored(office, said, refused):
    before = office.version
    with pytest.raises(refused):
        describe(office, said, seen=1, actor="甲")
    assert office.version == before


def test_two_who_describe_it_at_once_lose_nothing(office):
    _said, seen = described(office)
    describe(office, {"name_en": "One"}, seen=seen, actor="甲")
    with pytest.raises(ConflictError):
        describe(office, {"name_en": "Two"}, seen=seen, actor="乙")
    assert (office.info.name_en, office.info.default_plan_id) == ("One", builders.PLAN)
