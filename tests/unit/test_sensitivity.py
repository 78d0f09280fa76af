"""Tornado: each input a quarter down and up, the widest first."""

import pytest

from bluecarbon_map.accounting.sensitivity import tornado


def stock(given):
    return given["area"] * (given["soil"] + given["biomass"])


def test_the_input_that_moves_the_result_most_comes_first():
    swings = tornado(stock, {"biomass": 20.0, "soil": 80.0, "area": 10.0})
    assert [one.name for one in swings] == ["area", "soil", "biomass"]
    assert (swings[0].low, swings[0].high, swings[0].width) == (750.0, 1250.0, 500.0)
    assert (swings[2].low, swings[2].high) == (950.0, 1050.0)


def test_an_input_that_does_nothing_has_no_width():
    assert tornado(lambda given: given["a"], {"a": 1.0, "b": 9.0})[-1].width == 0.0


@pytest.mark.parametrize(("inputs", "step"), [({}, 0.25), ({"a": 1.0}, 0.0), ({"a": 1.0}, 1.0)])
def test_no_input_and_no_step_are_refused(inputs, step):
    with pytest.raises(ValueError, match="at least one input"):
        tornado(stock, inputs, step)
