"""Worked examples of the methods: every number is made here, by the code that makes the others.

One file a subject; each example names its page of docs/methods/, whose numbers it must give.
"""

from bluecarbon_map.reports.worked.area import (
    GRID,
    GRID_NO_DATA,
    AreaExample,
    RasterExample,
    area_example,
    raster_example,
)
from bluecarbon_map.reports.worked.cores import (
    CoresExample,
    cores_example,
)
from bluecarbon_map.reports.worked.credits import CreditsExample, credits_example
from bluecarbon_map.reports.worked.flux import (
    CreatedHectare,
    FluxExample,
    HarvestExample,
    flux_example,
    harvest_example,
)
from bluecarbon_map.reports.worked.plausibility import PlausibilityExample, plausibility_example
from bluecarbon_map.reports.worked.standards import StandardsExample, standards_example
from bluecarbon_map.reports.worked.stock import MANGROVE_2022_HA, StockExample, stock_example
from bluecarbon_map.reports.worked.strata import LoiExample, loi_example, strata_example
from bluecarbon_map.reports.worked.targets import PaceExample, pace_example
from bluecarbon_map.reports.worked.timeline import Both, TimelineExample, timeline_example
from bluecarbon_map.reports.worked.trace import TraceExample, trace_example
from bluecarbon_map.reports.worked.uncertainty import (
    SensitivityExample,
    SimulationExample,
    SumExample,
    map_accuracy_example,
    sensitivity_example,
    simulation_example,
    sum_example,
)

__all__ = [
    "GRID",
    "GRID_NO_DATA",
    "MANGROVE_2022_HA",
    "AreaExample",
    "Both",
    "CoresExample",
    "CreatedHectare",
    "CreditsExample",
    "FluxExample",
    "HarvestExample",
    "LoiExample",
    "PaceExample",
    "PlausibilityExample",
    "RasterExample",
    "SensitivityExample",
    "SimulationExample",
    "StandardsExample",
    "StockExample",
    "SumExample",
    "TimelineExample",
    "TraceExample",
    "area_example",
    "cores_example",
    "credits_example",
    "flux_example",
    "harvest_example",
    "loi_example",
    "map_accuracy_example",
    "pace_example",
    "plausibility_example",
    "raster_example",
    "sensitivity_example",
    "simulation_example",
    "standards_example",
    "stock_example",
    "strata_example",
    "sum_example",
    "timeline_example",
    "trace_example",
]
