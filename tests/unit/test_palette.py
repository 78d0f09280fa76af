"""Colours that must stay apart, also for readers who see them otherwise.

Simulation: Machado, Oliveira & Fernandes (2009), doi 10.1109/TVCG.2009.113, matrices of severity 1
on linear RGB. Difference: CIEDE2000, Sharma, Wu & Dalal (2005), doi 10.1002/col.20070. Contrast:
WCAG 2.2, 1.4.3 and 1.4.11.
"""

from __future__ import annotations

import math
import re
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest

from bluecarbon_map.change import Ground
from bluecarbon_map.ecosystems import ECOSYSTEMS, colour
from bluecarbon_map.tiles import GROUND_INKS

STYLES = Path(__file__).parents[2] / "app" / "ui" / "styles"
SEEN_BY = {
    "everybody": np.eye(3),
    "protanopia": np.array(
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ]
    ),
    "deuteranopia": np.array(
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ]
    ),
    "tritanopia": np.array(
        [
            [1.255528, -0.076749, -0.178779],
            [-0.078411, 0.930809, 0.147602],
            [0.004733, 0.691367, 0.303900],
        ]
    ),
}
APART = 10.0
"""CIEDE2000 between two patches that touch: five times what is just seen (about 2)."""


def linear(colour_text: str) -> np.ndarray:
    parts = np.array([int(colour_text[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    return np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)


def lab(light: np.ndarray) -> np.ndarray:
    """CIE L*a*b* of linear RGB under D65."""
    to_xyz = np.array(
        [
            [0.4124564, 0.3575761, 0.1804375],
            [0.2126729, 0.7151522, 0.0721750],
            [0.0193339, 0.1191920, 0.9503041],
        ]
    )
    t = to_xyz @ np.clip(light, 0, 1) / np.array([0.95047, 1.0, 1.08883])
    f = np.where(t > (6 / 29) ** 3, np.cbrt(t), t / (3 * (6 / 29) ** 2) + 4 / 29)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def ciede2000(one: np.ndarray, other: np.ndarray) -> float:
    (l1, a1, b1), (l2, a2, b2) = one, other
    c_mean = (math.hypot(a1, b1) + math.hypot(a2, b2)) / 2
    g = 0.5 * (1 - math.sqrt(c_mean**7 / (c_mean**7 + 25**7)))
    a1, a2 = (1 + g) * a1, (1 + g) * a2
    c1, c2 = math.hypot(a1, b1), math.hypot(a2, b2)
    h1, h2 = (math.degrees(math.atan2(b, a)) % 360 for a, b in ((a1, b1), (a2, b2)))
    turn = 0.0 if c1 * c2 == 0 else (h2 - h1 + 180) % 360 - 180
    dh = 2 * math.sqrt(c1 * c2) * math.sin(math.radians(turn) / 2)
    h = h1 + h2 if c1 * c2 == 0 else h1 + turn / 2
    l_mean, c_mean = (l1 + l2) / 2, (c1 + c2) / 2
    t = (
        1
        - 0.17 * math.cos(math.radians(h - 30))
        + 0.24 * math.cos(math.radians(2 * h))
        + 0.32 * math.cos(math.radians(3 * h + 6))
        - 0.20 * math.cos(math.radians(4 * h - 63))
    )
    s_l = 1 + 0.015 * (l_mean - 50) ** 2 / math.sqrt(20 + (l_mean - 50) ** 2)
    s_c, s_h = 1 + 0.045 * c_mean, 1 + 0.015 * c_mean * t
    bend = math.exp(-((((h % 360) - 275) / 25) ** 2))
    turned = -math.sin(math.radians(60 * bend))
    turned *= 2 * math.sqrt(c_mean**7 / (c_mean**7 + 25**7))
    dl, dc, dh = (l2 - l1) / s_l, (c2 - c1) / s_c, dh / s_h
    return math.sqrt(dl**2 + dc**2 + dh**2 + turned * dc * dh)


def apart(one: str, other: str, eyes: str) -> float:
    seen = [lab(SEEN_BY[eyes] @ linear(text)) for text in (one, other)]
    return ciede2000(*seen)


def contrast(one: str, other: str) -> float:
    light = [float(np.array([0.2126, 0.7152, 0.0722]) @ linear(text)) for text in (one, other)]
    return (max(light) + 0.05) / (min(light) + 0.05)


@pytest.mark.parametrize(
    ("one", "other", "known"),
    [
        ((50, 2.6772, -79.7751), (50, 0, -82.7485), 2.0425),
        ((50, -1.0, 2.0), (50, 0, 0), 2.3669),
        ((60.2574, -34.0099, 36.2677), (60.4626, -34.1751, 39.4387), 1.2644),
        ((2.0776, 0.0795, -1.1350), (0.9033, -0.0636, -0.5514), 0.9082),
    ],
)
def test_the_difference_is_that_of_the_published_test_pairs(one, other, known):
    assert ciede2000(np.array(one), np.array(other)) == pytest.approx(known, abs=5e-5)


def test_grey_stays_grey_for_every_eye():
    for eyes in SEEN_BY:
        assert apart("#808080", "#808080", eyes) == 0
        assert SEEN_BY[eyes] @ np.ones(3) == pytest.approx(np.ones(3), abs=1e-4)


SPARTINA = "Spartina alterniflora"
TOUCHING = [
    ("mangrove", "salt_marsh"),
    ("mangrove", SPARTINA),
    ("mangrove", "tidal_flat"),
    ("mangrove", "island_vegetation"),
    ("salt_marsh", SPARTINA),
    ("salt_marsh", "tidal_flat"),
    (SPARTINA, "tidal_flat"),
    ("seagrass", "tidal_flat"),
    ("shellfish_farm", "tidal_flat"),
    ("seaweed_farm", "tidal_flat"),
    ("seaweed_farm", "shellfish_farm"),
    ("island_vegetation", "seaweed_bed"),
    ("island_vegetation", "tidal_flat"),
    ("seaweed_bed", "shellfish_farm"),
    ("seaweed_bed", "seaweed_farm"),
]
"""Classes that lie side by side on a coast."""


def ink(name: str) -> str:
    return colour("salt_marsh", name) if name == SPARTINA else colour(name)


@pytest.mark.parametrize("eyes", SEEN_BY)
@pytest.mark.parametrize(("one", "other"), TOUCHING)
def test_classes_that_touch_stay_apart_for_every_eye(one, other, eyes):
    assert apart(ink(one), ink(other), eyes) >= APART


@pytest.mark.parametrize("eyes", SEEN_BY)
def test_every_class_stands_out_from_land_and_from_sea(eyes):
    for name in (*ECOSYSTEMS, SPARTINA):
        if name != "sea_water":
            assert apart(ink(name), "#F4F1EA", eyes) > APART, name
            assert apart(ink(name), "#EAF2F8", eyes) > APART, name


@pytest.mark.parametrize("eyes", SEEN_BY)
def test_what_became_of_ground_stays_apart_for_every_eye_and_from_the_ground(eyes):
    inks = [GROUND_INKS[kind] for kind in Ground if kind is not Ground.UNKNOWN]
    for one, other in combinations([*inks, "#F4F1EA", "#EAF2F8"], 2):
        if {one, other} != {"#F4F1EA", "#EAF2F8"}:
            assert apart(one, other, eyes) > APART, (one, other)


def variables() -> dict[str, str]:
    text = (STYLES / "10_base.css").read_text(encoding="utf-8")
    return dict(re.findall(r"--(\w+): (#[0-9a-f]{6});", text))


@pytest.mark.parametrize("ground", ["#ffffff", "#f6f8fa", "#eaf2f8", "#eef2f5"])
def test_the_inks_of_the_page_are_legible_on_its_grounds(ground):
    inks = variables()
    for name in ("accent", "ink", "faint"):
        assert contrast(inks[name], ground) >= 4.5, name


def test_words_that_have_a_ground_of_their_own_are_legible_on_it():
    """Every rule of the style sheets that sets both."""
    known, found = variables(), 0
    for sheet in STYLES.glob("*.css"):
        for rule in re.findall(r"\{([^{}]*)\}", sheet.read_text(encoding="utf-8")):
            sets = dict(re.findall(r"(?<![\w-])(color|background): ([^;]+?)\s*(?:;|$)", rule))
            pair = [re.sub(r"var\(--(\w+)\)", lambda m: known[m[1]], v) for v in sets.values()]
            pair = [p.replace("#fff", "#ffffff") if len(p) == 4 else p for p in pair]
            if len(pair) == 2 and all(re.fullmatch(r"#[0-9a-fA-F]{6}", p) for p in pair):
                found += 1
                assert contrast(*pair) >= 4.5, f"{sheet.name}: {rule.strip()}"
    assert found >= 5


def test_the_focus_ring_is_seen_on_every_ground():
    rule = re.search(
        r":focus-visible[^{]*\{[^}]*outline: 3px solid (#[0-9a-f]{6})",
        (STYLES / "10_base.css").read_text(encoding="utf-8"),
    )
    assert rule is not None
    for ground in ("#ffffff", "#f6f8fa", "#eaf2f8", "#fdf3d7"):
        assert contrast(rule[1], ground) >= 3, ground
