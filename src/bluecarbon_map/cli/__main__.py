"""``python -m bluecarbon_map.cli``."""

from bluecarbon_map.cli import main

main()
