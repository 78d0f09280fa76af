"""Reads a layer of habitats or zones from a file, with named drivers only.

Small on purpose: what is not plainly readable is refused with the way out.
"""

from bluecarbon_map.reading.drivers import read_layer
from bluecarbon_map.reading.layers import read_habitats, read_zones

__all__ = ["read_habitats", "read_layer", "read_zones"]
