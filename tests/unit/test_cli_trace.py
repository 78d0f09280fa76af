"""``bluecarbon trace``: text to work again, a tree as JSON, and clear refusals."""

import math

import pytest

from tests.unit.test_cli import read, refused, run


@pytest.fixture(autouse=True)
def embedded(monkeypatch):
    monkeypatch.delenv("BLUECARBON_WORKSPACE", raising=False)


def worked_again(step):
    """The value that the inputs of a step of the JSON give, by the name of its rule alone."""
    values = [worked_again(one) for one in step.get("inputs", [])]
    known = [v for v in values if v is not None]
    rules = {
        "sum": sum,
        "product": math.prod,
        "difference": lambda v: v[0] - sum(v[1:]),
        "quotient": lambda v: v[0] / v[1],
        "square root": lambda v: math.sqrt(v[0]),
        "square root of the sum of squares": lambda v: math.hypot(*v),
        "not below zero": lambda v: max(v[0], 0.0),
    }
    if step["rule"] == "read":
        return None if step["value"] is None else float(step["value"])
    return rules[step["rule"]](known) if known else None


def test_the_whole_tree_of_the_province_can_be_worked_again_from_its_leaves():
    body = read("trace")
    for name, step in body["results"].items():
        value = float(step["value"])
        assert worked_again(step) == pytest.approx(value, rel=1e-8), name
    assert body["results"]["stock"]["at_least"] is True


def test_the_text_of_one_county_holds_what_it_takes():
    done = run("trace", "--zone", "331083", "--ecosystem", "红树林")
    assert done.exit_code == 0
    assert "5,235.749998 t C × 44/12 = 19,197.749991 t CO2e" in done.stdout
    assert "Alongi 2020" in done.stdout


def test_the_text_goes_into_a_file(tmp_path):
    out = tmp_path / "trace.txt"
    done = run("trace", "--zone", "331083", "--lang", "en", "--out", str(out))
    assert done.exit_code == 0
    assert done.stdout == ""
    assert out.read_text(encoding="utf-8").startswith("Yuhuan, 2022, all ecosystems: stock")


def test_demonstration_data_are_named_on_standard_error_and_in_the_json():
    done = run("trace", "--json")
    assert "含演示数据" in done.stderr
    body = read("trace")
    assert (body["demonstration"], body["contains_demonstration"]) == (True, True)
    without = run("trace", "--no-demonstration")
    assert "演示" not in without.stderr
    body = read("trace", "--no-demonstration")
    assert (body["demonstration"], body["contains_demonstration"]) == (False, False)


def test_a_text_is_written_as_txt_into_a_folder_that_is_there(tmp_path):
    assert run("trace", "--out", str(tmp_path / "trace.csv")).exit_code == 2
    done = run("trace", "--zone", "331083", "--out", str(tmp_path / "nowhere" / "trace.txt"))
    assert done.exit_code == 1
    assert "folder does not exist" in done.stderr
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--zone", "999999"], "999999"),
        (["--ecosystem", "jungle"], "jungle"),
        (["--survey", "none"], "none"),
        (["--zone", "330800"], "no data, which is not zero"),
        (["--factors", "nothing"], "factor set"),
    ],
)
def test_what_is_not_there_is_refused_by_name(arguments, said):
    assert said in refused("trace", *arguments)["message"]


@pytest.mark.parametrize("name", ["331083", "玉环市", "玉环"])
def test_a_zone_is_known_by_its_id_or_its_name(name):
    assert read("trace", "--zone", name, "--ecosystem", "mangrove")["zone_id"] == "331083"


def test_a_patch_says_how_its_area_came_about():
    done = run("trace", "--zone", "玉环", "--ecosystem", "红树林")
    assert "share of the published city total" in done.stdout
