"""Steps that follow from each other, and steps that do not and cannot be made."""

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bluecarbon_map.accounting.trace import (
    Origin,
    Rule,
    Step,
    as_json,
    equation,
    follow,
    leaves,
    read,
    text,
)
from bluecarbon_map.errors import AccountingError

near = pytest.approx
AREA = read(91.5, "ha", Origin(row_id="patch-1", source="survey"), zh="面积", en="area")
DENSITY = read(
    116.35, "t C/ha", Origin(row_id="row-7", source="Paper", tier=3), zh="密度", en="density"
)
UNKNOWN = read(None, "t C", None, zh="光滩", en="flat")


def stock():
    return follow(Rule.PRODUCT, [AREA, DENSITY], zh="储量", en="stock", unit="t C")


def test_a_step_is_what_its_inputs_give():
    assert stock().value == near(10_646.025)
    assert equation(stock()) == "91.5 ha × 116.35 t C/ha"


def test_a_step_that_does_not_follow_cannot_be_made():
    with pytest.raises(AccountingError, match="does not follow"):
        Step(zh="储量", en="stock", value=10_646.1, unit="t C", rule=Rule.PRODUCT,
             inputs=(AREA, DENSITY))  # fmt: skip


def test_rounding_that_is_stated_is_allowed_and_no_more():
    def rounded(to: float) -> Step:
        return Step(zh="储量", en="stock", value=to, unit="t C", rule=Rule.PRODUCT,
                    inputs=(AREA, DENSITY), rounding=0.05)  # fmt: skip

    assert rounded(10_646.0).value == 10_646.0
    with pytest.raises(AccountingError):
        rounded(10_645.9)


def test_a_sum_leaves_the_unknown_out_and_says_at_least():
    whole = follow(Rule.SUM, [stock(), UNKNOWN], zh="合计", en="together", unit="t C")
    assert whole.value == stock().value
    assert whole.at_least
    assert not stock().at_least
    lines = list(text(whole, "en"))
    assert lines[0].startswith("together: ≥ 10,646.025 t C = ")
    assert lines[-1] == "  flat: —"


def test_a_sum_of_unknowns_is_unknown_and_so_is_a_product_with_one():
    nothing = follow(Rule.SUM, [UNKNOWN, UNKNOWN], zh="合计", en="together", unit="t C")
    assert nothing.value is None
    assert not nothing.at_least
    assert follow(Rule.PRODUCT, [AREA, UNKNOWN], zh="x", en="x", unit="t C").value is None
    with pytest.raises(AccountingError, match="unknown"):
        Step(zh="x", en="x", value=0.0, unit="t C", rule=Rule.SUM, inputs=(UNKNOWN,))


@pytest.mark.parametrize(
    ("rule", "values", "expected", "written"),
    [
        (Rule.DIFFERENCE, [10.0, 3.0, 2.0], 5.0, "10 − 3 − 2"),
        (Rule.QUOTIENT, [71.6, 151.6], 0.472295514512, "71.6 ÷ 151.6"),
        (Rule.SQUARE_ROOT, [23.0], 4.795831523313, "√23"),
        (Rule.QUADRATURE, [300.0, 400.0], 500.0, "√((300)² + (400)²)"),
        (Rule.NOT_BELOW_ZERO, [-4.0], 0.0, "max(-4, 0)"),
    ],
)
def test_each_rule_works_as_by_hand(rule, values, expected, written):
    step = follow(rule, [read(v, "1", None, zh="x", en="x") for v in values],
                  zh="y", en="y", unit="1")  # fmt: skip
    assert step.value == near(expected, rel=1e-11)
    assert equation(step) == written


def test_a_number_that_is_none_cannot_stand_in_a_tree():
    with pytest.raises(ValueError, match="finite"):
        read(math.nan, "t C", None, zh="x", en="x")
    with pytest.raises(ValueError, match="read, or follows"):
        Step(zh="x", en="x", value=1.0, unit="t C", rule=Rule.SUM)


def test_the_text_names_row_source_and_tier_and_the_tree_survives_json():
    lines = "\n".join(text(stock(), "zh"))
    assert "[row-7; 第 3 级; Paper]" in lines
    assert [one.value for one in leaves(stock())] == [91.5, 116.35]
    plain = json.loads(json.dumps(as_json(stock()), allow_nan=False))
    assert plain["inputs"][1]["origin"]["row_id"] == "row-7"
    assert plain["value"] == plain["inputs"][0]["value"] * plain["inputs"][1]["value"]


amounts = st.floats(0.01, 1e6)


def plain_of(value: float, unit: str) -> Step:
    return read(value, unit, None, zh="", en="")


@given(st.lists(amounts, min_size=1, max_size=8), amounts)
def test_a_sum_of_products_is_linear_in_area(areas, density):
    def held(by: float) -> float:
        given = [(plain_of(by * a, "ha"), plain_of(density, "t C/ha")) for a in areas]
        parts = [follow(Rule.PRODUCT, one, zh="", en="", unit="t C") for one in given]
        return follow(Rule.SUM, parts, zh="", en="", unit="t C").value

    assert held(2.0) == near(2 * held(1.0))


def test_a_number_that_was_rounded_is_written_as_about_equal():
    rounded = Step(zh="储量", en="stock", value=10_646.0, unit="t C", rule=Rule.PRODUCT,
                   inputs=(AREA, DENSITY), rounding=0.05)  # fmt: skip
    assert next(iter(text(rounded, "en"))).startswith("stock: 10,646 t C ≈ 91.5 ha ×")
    assert " = 91.5 ha" in next(iter(text(stock(), "en")))
