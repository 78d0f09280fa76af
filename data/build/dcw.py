"""Outlines of provinces from the Digital Chart of the World (DCW), as Debian's gmt-dcw holds it.

Scale 1:1,000,000, LGPL-3. DCW lies in WGS 84, which differs from CGCS2000 by well under a metre;
the two are taken as equal for mapping.
"""

from __future__ import annotations

import shutil
import subprocess
from tempfile import TemporaryDirectory
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray

from bluecarbon_map.errors import BluecarbonError
from data.build.plane import to_plane

Polygons = NDArray[np.object_]

PROVINCE_OF_SHENGSI_BY_MISTAKE: Final = "SH"
SHENGSI_WEST_DEG, SHENGSI_NORTH_DEG = 121.6, 30.9
"""East of the one and south of the other, DCW files 嵊泗's islands under Shanghai."""


class GmtMissingError(BluecarbonError):
    """The programs and outlines that the build draws from are not installed."""

    def __init__(self, detail: str) -> None:
        super().__init__(
            f"{detail}; the outlines come from the Debian packages gmt and gmt-dcw: install them "
            "with 'apt-get install gmt gmt-dcw' and run 'python -m data.build' again"
        )


def gmt_is_there() -> bool:
    """Whether gmt and its outlines can be used on this machine."""
    try:
        return bool(_dump("CN.TJ"))
    except GmtMissingError:
        return False


def _dump(code: str) -> str:
    program = shutil.which("gmt")
    if program is None:
        raise GmtMissingError("the program 'gmt' is not installed")
    command = [program, "coast", f"-E{code}", "-M"]
    with TemporaryDirectory() as folder:  # gmt leaves a file gmt.history where it runs
        done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder)
    if done.returncode != 0 or not done.stdout.strip():
        raise GmtMissingError(f"gmt gave no outline of {code} ({done.stderr.strip()[:200]})")
    return done.stdout


def outline(province: str, country: str = "CN") -> Polygons:
    """Polygons of a province, in degrees.

    Args:
        province: Two letters of its ISO 3166-2 code, e.g. ``ZJ``; empty for the whole country.
        country: Two letters of the ISO 3166-1 code.

    Raises:
        GmtMissingError: If gmt or gmt-dcw is not installed.
    """
    rings: list[list[tuple[float, float]]] = [[]]
    code = f"{country}.{province}" if province else country
    for line in _dump(code).splitlines():
        if line.startswith(">"):
            rings.append([])
        elif line.strip():
            longitude, latitude = line.split()[:2]
            rings[-1].append((float(longitude), float(latitude)))
    polygons = [shapely.make_valid(shapely.Polygon(ring)) for ring in rings if len(ring) > 3]
    return np.asarray(polygons, dtype=object)


def _of_shengsi(polygons: Polygons) -> NDArray[np.bool_]:
    centre = shapely.centroid(polygons)
    east = shapely.get_x(centre) > SHENGSI_WEST_DEG
    south = shapely.get_y(centre) < SHENGSI_NORTH_DEG
    return np.asarray(east & south)


def coast_of(province: str) -> Polygons:
    """Polygons of a province with the islands of 嵊泗 (Shengsi) under Zhejiang, in degrees."""
    polygons = outline(province)
    if province == PROVINCE_OF_SHENGSI_BY_MISTAKE:
        return polygons[~_of_shengsi(polygons)]
    if province == "ZJ":
        shanghai = outline(PROVINCE_OF_SHENGSI_BY_MISTAKE)
        return np.concatenate([polygons, shanghai[_of_shengsi(shanghai)]])
    return polygons


def area_km2(polygons: Polygons) -> float:
    """Area of polygons in degrees, on the ellipsoid, in km²."""
    return float(shapely.area(to_plane(polygons)).sum() / 1e6)
