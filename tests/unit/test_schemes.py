"""The schemes that come with the package, and what their reader refuses."""

import csv
import shutil

import pytest

from bluecarbon_map.ecosystems import ECOSYSTEMS
from bluecarbon_map.errors import FactorError, NotFoundError
from bluecarbon_map.factors import (
    OWN,
    Basis,
    Counted,
    accounting_scheme,
    accounting_schemes,
    load_set,
    read_schemes,
)
from bluecarbon_map.files import data_folder

FOLDER = data_folder() / "factors" / "schemes"
SCHEMES = {one.scheme_id: one for one in accounting_schemes()}
EVERY = [(one, key) for one in SCHEMES for key in ECOSYSTEMS]
GUIDANCE = (
    "浙江的海洋碳汇生态系统主要包括盐沼、红树林、淤泥质光滩、海域水体和无居民海岛植被等。",
    "强化对互花米草等入侵严重区域的管控和综合治理",
    "制定淤泥质光滩碳汇计量方法学与标准",
)


def test_the_schemes_stand_in_their_order_the_users_own_last():
    assert list(SCHEMES) == ["provincial", "hyt0349", "ipcc", "local", "china", OWN]


@pytest.mark.parametrize(("scheme_id", "ecosystem"), EVERY)
def test_every_ecosystem_stands_in_every_scheme_counted_or_with_a_reason(scheme_id, ecosystem):
    found = SCHEMES[scheme_id].categories[ecosystem]
    if found.counted is not Counted.NO:
        assert found.basis is not None
        assert all(found.name)
    if found.counted is not Counted.YES:
        assert all(found.why)


@pytest.mark.parametrize(("scheme_id", "ecosystem"), EVERY)
def test_what_is_counted_has_a_number_or_a_reason_for_having_none(scheme_id, ecosystem):
    scheme = SCHEMES[scheme_id]
    found = scheme.categories[ecosystem]
    if found.counted is not Counted.YES:
        return
    known = load_set(scheme.factor_set) if scheme.factor_set else None
    has_stock = bool(known and not scheme.no_stock and known.stock(ecosystem))
    has_rate = bool(known and not scheme.no_flow and known.sequestration(ecosystem))
    assert has_stock != (found.no_stock is not None)
    assert has_rate != (found.no_flow is not None)


def test_the_lists_are_those_of_the_vocabulary():
    listed = {"provincial": "provincial", "hyt0349": "hyt0349"}
    for scheme_id, name in listed.items():
        for key, found in SCHEMES[scheme_id].categories.items():
            category = getattr(ECOSYSTEMS[key], name)
            assert (found.name[0] if found.name else None) == category


def test_the_guidance_is_quoted_to_the_letter(shared):
    text = (shared / "seeds" / "zhejiang_guidance_zh.txt").read_text(encoding="utf-8")
    said = "".join(file.read_text(encoding="utf-8-sig") for file in FOLDER.glob("*.csv"))
    for words in GUIDANCE:
        assert words in text
        assert words in said


def test_the_standard_that_was_not_read_has_no_coefficients_and_gives_no_stock():
    scheme = accounting_scheme("hyt0349")
    assert scheme.factor_set is None
    assert scheme.no_stock
    assert scheme.no_flow
    assert scheme.confidence == "from_memory_unverified"
    for found in scheme.categories.values():
        if found.counted is Counted.YES:
            assert all("HY/T 0349-2022" in half for half in found.no_flow)


def test_farms_go_by_harvest_under_the_six_categories():
    found = accounting_scheme("hyt0349").categories
    by_harvest = {key for key, one in found.items() if one.basis is Basis.HARVEST}
    assert by_harvest == {"seaweed_bed", "seaweed_farm", "shellfish_farm"}


def test_tier_1_has_no_flow_for_what_nobody_is_known_to_have_planted():
    scheme = accounting_scheme("ipcc")
    assert "表 4.12" in scheme.no_flow[0]
    assert not load_set("ipcc-tier1").rates


def test_every_scheme_says_what_it_does_with_spartina_or_that_it_is_unknown():
    for scheme in SCHEMES.values():
        assert "互花米草" in scheme.invasive[0]
    assert "不明" in SCHEMES["hyt0349"].invasive[0]


def test_an_unknown_scheme_is_refused_with_those_there_are():
    with pytest.raises(NotFoundError, match="provincial"):
        accounting_scheme("x")


# --- files that cannot be used -------------------------------------------------------------------


@pytest.fixture
def damaged(tmp_path):
    """Reads the shipped schemes after one row was changed, or taken out."""

    def read(name, at, **changed):
        folder = tmp_path / "schemes"
        shutil.copytree(FOLDER, folder)
        with (folder / name).open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
        if changed:
            rows[at] |= changed
        else:
            del rows[at]
        with (folder / name).open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
        return read_schemes(folder)

    return read


def test_the_files_as_they_are_can_be_read(damaged):
    assert len(damaged("schemes.csv", 0, source_zh="x")) == len(SCHEMES)


@pytest.mark.parametrize(
    ("name", "changed", "words"),
    [
        ("categories.csv", {}, r"provincial does not say what of \['mangrove'\]"),
        ("categories.csv", {"ecosystem": "reef"}, "row 2: 'reef' is no ecosystem"),
        ("categories.csv", {"ecosystem": "salt_marsh"}, "row 3: salt_marsh stands twice"),
        ("categories.csv", {"counted": "maybe"}, "row 2: 'maybe'"),
        ("categories.csv", {"basis": ""}, "row 2: what is counted has a basis"),
        ("categories.csv", {"category_en": ""}, "row 2: category is missing"),
        ("categories.csv", {"counted": "if_known"}, "row 2: why is missing"),
        ("schemes.csv", {"factor_set": "best"}, "no set of coefficients 'best'"),
        ("schemes.csv", {"invasive_zh": ""}, "row 2: invasive is missing"),
    ],
)
def test_a_row_that_cannot_be_understood_is_named(damaged, name, changed, words):
    with pytest.raises(FactorError, match=words):
        damaged(name, 0, **changed)
