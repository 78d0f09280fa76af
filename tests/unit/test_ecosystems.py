import csv
import re

import pytest

from bluecarbon_map.ecosystems import (
    ECOSYSTEMS,
    INVASIVE_SPECIES,
    SPECIES,
    colour,
    recognise,
    require,
)
from bluecarbon_map.errors import UnknownEcosystemError
from bluecarbon_map.files import data_folder


@pytest.mark.parametrize(
    ("word", "ecosystem", "species"),
    [
        ("mangrove", "mangrove", None),
        ("红树林", "mangrove", None),
        ("０３０３", "mangrove", None),
        (303, "mangrove", None),
        (303.0, "mangrove", None),
        ("  Salt-Marsh ", "salt_marsh", None),
        ("SALT MARSH", "salt_marsh", None),
        ("ＳＡＬＴ＿ＭＡＲＳＨ", "salt_marsh", None),
        (1108, "salt_marsh", None),
        ("互花米草", "salt_marsh", "Spartina alterniflora"),
        ("spartina ALTERNIFLORA", "salt_marsh", "Spartina alterniflora"),
        ("滩涂", "tidal_flat", None),
    ],
)
def test_a_word_is_known_in_any_width_case_and_language(word, ecosystem, species):
    assert recognise(word) == (ecosystem, species)


@pytest.mark.parametrize(
    "word", ["", " ", None, float("nan"), "tundra", "30", 3030, "红树林x", True]
)
def test_a_word_that_names_nothing_is_not_guessed_at(word):
    assert recognise(word) is None


def test_an_unknown_word_is_refused_with_its_place_and_the_words_there_are():
    with pytest.raises(UnknownEcosystemError, match=r"here: 'tundra' names no ecosystem.*mangrove"):
        require("tundra", "here")


def test_every_word_of_the_list_names_an_ecosystem_and_contradicts_no_other():
    with (data_folder() / "vocabulary" / "words.csv").open(encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        assert recognise(row["word"]) == (row["ecosystem"], row["species"] or None), row
        assert row["ecosystem"] in ECOSYSTEMS
        assert not row["species"] or SPECIES[row["species"]].ecosystem == row["ecosystem"]


def test_every_name_in_both_languages_leads_back_to_its_ecosystem():
    for ecosystem in ECOSYSTEMS.values():
        for word in (ecosystem.key, ecosystem.name_zh, ecosystem.name_en, *ecosystem.land_codes):
            assert recognise(word) == (ecosystem.key, None)


def test_every_ecosystem_has_its_own_priority_and_colour():
    everything = list(ECOSYSTEMS.values())
    assert sorted(e.priority for e in everything) == list(range(1, len(everything) + 1))
    assert len({e.colour for e in everything}) == len(everything)
    assert all(re.fullmatch("#[0-9A-F]{6}", e.colour) for e in everything)


def test_the_provinces_own_list_and_the_standards_six_are_told_apart():
    provincial = {e.provincial for e in ECOSYSTEMS.values() if e.provincial}
    assert provincial == {"盐沼", "红树林", "淤泥质光滩", "海域水体", "无居民海岛植被"}
    assert ECOSYSTEMS["seagrass"].provincial is None
    assert {"红树林", "盐沼", "海草床", "大型藻类", "贝类"} == {
        e.hyt0349 for e in ECOSYSTEMS.values() if e.hyt0349
    }


def test_cordgrass_is_invasive_and_has_a_colour_of_its_own():
    assert {"Spartina alterniflora"} == INVASIVE_SPECIES
    assert colour("salt_marsh", "Spartina alterniflora") != colour("salt_marsh")
    assert colour("salt_marsh", "Phragmites australis") == colour("salt_marsh")
    assert colour("mangrove", "no such species") == colour("mangrove")
