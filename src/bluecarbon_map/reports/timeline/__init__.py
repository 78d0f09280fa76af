"""Carbon through time as rasters: InVEST's inputs in, its file names out, block by block."""

from bluecarbon_map.reports.timeline.run import UNITS, Pricing, Written, timeline

__all__ = ["UNITS", "Pricing", "Written", "timeline"]
