"""蓝碳地图, the blue carbon map: coastal ecosystems, their carbon, restoration targets."""

__version__ = "0.2.0"
