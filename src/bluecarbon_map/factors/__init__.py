"""Sourced coefficients: the table of them, named sets of them, and a user's own file.

``load_set("zhejiang")`` or ``load_set("my.csv")`` gives a `FactorSet`; ask it for the stock density
or the sequestration rate of an ecosystem and species. It answers None where there is no
coefficient: that carbon is unknown, never zero.
"""

from bluecarbon_map.factors.intervals import Interval, IntervalKind, StandardError, standard_error
from bluecarbon_map.factors.limits import DENSITY_MOST_T_C_HA, RATE_MOST_T_C_HA_YR
from bluecarbon_map.factors.model import (
    DEPTH_UNSTATED,
    FactorSet,
    Fallback,
    PoolDensity,
    SequestrationFactor,
    StockFactor,
)
from bluecarbon_map.factors.own import (
    WORKSPACE_SET,
    base_of,
    is_workspace_set,
    own_name,
    workspace_set,
)
from bluecarbon_map.factors.schemes import (
    OWN,
    AccountingScheme,
    Basis,
    Category,
    Counted,
    Said,
    accounting_scheme,
    accounting_schemes,
    read_schemes,
)
from bluecarbon_map.factors.sets import load_set, set_titles
from bluecarbon_map.factors.table import Factor, factor, factors_table
from bluecarbon_map.factors.user import read_user_factors

__all__ = [
    "DENSITY_MOST_T_C_HA",
    "DEPTH_UNSTATED",
    "OWN",
    "RATE_MOST_T_C_HA_YR",
    "WORKSPACE_SET",
    "AccountingScheme",
    "Basis",
    "Category",
    "Counted",
    "Factor",
    "FactorSet",
    "Fallback",
    "Interval",
    "IntervalKind",
    "PoolDensity",
    "Said",
    "SequestrationFactor",
    "StandardError",
    "StockFactor",
    "accounting_scheme",
    "accounting_schemes",
    "base_of",
    "factor",
    "factors_table",
    "is_workspace_set",
    "load_set",
    "own_name",
    "read_schemes",
    "read_user_factors",
    "set_titles",
    "standard_error",
    "workspace_set",
]
