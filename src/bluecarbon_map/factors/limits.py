"""Bounds no believable coefficient of these ecosystems exceeds, and the depth of soil."""

from __future__ import annotations

from typing import Final

DENSITY_MOST_T_C_HA: Final = 2_000.0
"""Highest believable carbon density; the highest Chinese site is 1,490.5 (Fu et al. 2021)."""

RATE_MOST_T_C_HA_YR: Final = 10.0
"""Highest believable yearly rate; the highest Chinese burial is 9.55 (Zhou et al. 2022)."""

SOIL_DEPTH_CM: Final = (0.0, 100.0)
"""Soil that a stock holds by convention; another depth is never scaled to it."""
