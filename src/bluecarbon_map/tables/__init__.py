"""Column contracts: what every table of the system holds, in which unit, and what may be missing.

Validation never changes a value (``coerce=False``) and reports every problem at once. A missing
value (NaN, None) means *unknown*, never zero. Each contract says ``strict`` itself: pandera does
not look for it in a common base of the ``Config`` classes.
"""

from bluecarbon_map.tables.checks import Contract, columns, dictionary, validate, validate_layer
from bluecarbon_map.tables.inputs import (
    CoastFacts,
    CoastIndicators,
    CoastUnits,
    Habitats,
    Projects,
    Rasters,
    Registers,
    Surveys,
    Targets,
    Zones,
)
from bluecarbon_map.tables.results import (
    Cores,
    Factors,
    Parts,
    Pools,
    SchemeLines,
    Schemes,
    Summary,
)
from bluecarbon_map.tables.words import OUTSIDE, STAGES, Indicator, Level, Provenance, RasterKind

__all__ = [
    "OUTSIDE",
    "STAGES",
    "CoastFacts",
    "CoastIndicators",
    "CoastUnits",
    "Contract",
    "Cores",
    "Factors",
    "Habitats",
    "Indicator",
    "Level",
    "Parts",
    "Pools",
    "Projects",
    "Provenance",
    "RasterKind",
    "Rasters",
    "Registers",
    "SchemeLines",
    "Schemes",
    "Summary",
    "Surveys",
    "Targets",
    "Zones",
    "columns",
    "dictionary",
    "validate",
    "validate_layer",
]
