"""Cards of areas: on the ellipsoid, and of rasters by zone."""

from __future__ import annotations

from typing import Final
from xml.etree.ElementTree import Element

from bluecarbon_map.reports import worked
from ui import elements, formula_cards
from ui.formula_cards import number
from ui.words import _

_GEODESIC: Final = {
    "1.3": "q(φ) = (1 − e²) · [sin φ / (1 − e² sin² φ) + artanh(e sin φ) / e];  "
    "sin β = q(φ) / q(90°);  R² = a² · q(90°) / 2",
    "1.4": "E = 2 · atan2(tan(Δλ/2) · (t₁ + t₂), 1 + t₁t₂);  t = tan(β/2);  A = R² · |Σ (E + B)|",
    "1.5": "B = e²/12 · sin β cos β · x · (x² + y²);  x = Δλ cos β;  y = Δβ",
}
"""Area within geodesics: signs alone, the same in every language."""


def ellipsoid() -> list[Element]:
    """Method 1."""
    made = worked.area_example()
    equations = {
        "1.1": _("one hectare, one class: ground claimed twice goes by priority"),
        "1.2": _("Σ areas of zones and classes = area of the union"),
    }
    card = formula_cards.card(
        _("Area on the ellipsoid"),
        _(
            "Areas lie on the CGCS2000 ellipsoid, never in degrees and never in web Mercator. A "
            "hectare belongs to one ecosystem only, so parts add up to the whole."
        ),
        equations | _GEODESIC,
        [
            _("Cell 120–121°E, 30–31°N: {area} m² on the ellipsoid.").format(
                area=number(made.ellipsoid_m2, 2)
            ),
            _("Web Mercator makes {area} ha of it: {percent} % too large.").format(
                area=number(made.mercator_ha, 1), percent=number(made.too_large_percent, 1)
            ),
            _("{ha} ha = {ha} × 15 = {mu} mu.").format(
                ha=number(worked.MANGROVE_2022_HA, 1), mu=number(made.mangrove_mu, 1)
            ),
        ],
        "01-area",
        _("CGCS2000 ellipsoid; checked against GeographicLib"),
    )
    return [card]


def rasters() -> list[Element]:
    """Method 6."""
    made = worked.raster_example()
    found = [
        _("class {code}: {ha} ha").format(code=code, ha=number(area, 2))
        for code, area in made.by_code_ha.items()
        if code != worked.GRID_NO_DATA
    ]
    nothing = number(made.by_code_ha[worked.GRID_NO_DATA], 2)
    card = formula_cards.card(
        _("Rasters by zone"),
        _(
            "A pixel that a zone's outline cuts counts with the very share of it that lies in the "
            "zone; no pixel centre decides. The raster is never warped, and each pixel weighs "
            "what it covers on the ellipsoid."
        ),
        {
            "6.1": _("share s = H − Σ h·x̄ (a pixel with edges);  s = H (one without)"),
            "6.2": _("pixels between two with edges have one share; below 10⁻⁹ it is rounding"),
            "6.3": _("A = area of the pixel on the ellipsoid, within 10⁻⁶"),
            "6.4": _("area (zone, class) = Σ s·A"),
            "6.5": _("mean = Σ s·A·v / Σ s·A;  unknown where no pixel has a value"),
        },
        [
            _nine(),
            _("3 × 3 pixels of 1 ha under a zone of 200 m × 200 m (dashed); 255 is no data."),
            _("Corners count ¼, sides ½, the middle whole:")
            + " "
            + _("; ").join([*found, _("no data: {ha} ha").format(ha=nothing)]),
            _("Together {ha} ha, the zone's own area.").format(ha=number(made.zone_ha, 2)),
        ],
        "06-rasters-by-zone",
        _("this system; checked against exactextract on three coordinate systems"),
    )
    return [card]


def _nine() -> Element:
    """The grid and the zone over it."""
    pixels = [str(code) for row in worked.GRID for code in row]
    cells = [elements.tag("span", "", "", elements.tag("b", code)) for code in pixels]
    zone = elements.tag("i", "", "zone")
    return elements.tag("div", "", "nine", *cells, zone, **{"aria-hidden": "true"})
