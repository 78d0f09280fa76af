"""Carbon of coastal classes through time: InVEST's Coastal Blue Carbon model, on arrays.

Right by default; ``invest_compat`` reproduces InVEST 3.20.2 with its five deviations.
docs/methods/11-timeline.md has the equations, and what each deviation does to a project.
"""

from bluecarbon_map.accounting.timeline.decay import emitted_t_ha, left_share
from bluecarbon_map.accounting.timeline.histories import distinct_histories
from bluecarbon_map.accounting.timeline.invest import latest_disturbance, one_or_the_other
from bluecarbon_map.accounting.timeline.parameters import (
    DISTURBED_POOLS,
    POOLS,
    UNKNOWN,
    Change,
    ClassArray,
    Classes,
    Plan,
    Prices,
)
from bluecarbon_map.accounting.timeline.run import Outcome, run
from bluecarbon_map.accounting.timeline.value import (
    discounted,
    growing_prices,
    net_present_value,
    value_as_invest,
)

__all__ = [
    "DISTURBED_POOLS",
    "POOLS",
    "UNKNOWN",
    "Change",
    "ClassArray",
    "Classes",
    "Outcome",
    "Plan",
    "Prices",
    "discounted",
    "distinct_histories",
    "emitted_t_ha",
    "growing_prices",
    "latest_disturbance",
    "left_share",
    "net_present_value",
    "one_or_the_other",
    "run",
    "value_as_invest",
]
