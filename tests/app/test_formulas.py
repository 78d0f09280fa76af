"""方法 · 公式: a card for every numbered method, its equations, live numbers, and its address."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bluecarbon_map.accounting.plausibility import Rule
from bluecarbon_map.reports import worked
from tests.app.conftest import Opened, text_of
from ui import formulas

PAGES = Path(__file__).parents[2] / "docs" / "methods"
NAMES = sorted(path.stem for path in PAGES.glob("[0-9][0-9]-*.md"))
GROUPS = tuple(formulas.groups())
CHINESE = re.compile(r"[\u3400-\u9fff，。；：（）]")
CARD = re.compile(r'<div class="card[^>]*>.*?docs/methods/\S+?\.md</div></div>', re.DOTALL)


def cards_of(text):
    """Markup of each card, by the page that it says to read on."""
    found = {}
    for card in CARD.findall(text):
        page = re.findall(r"docs/methods/(\S+?)\.md", card)[-1]
        found[page] = found.get(page, "") + card
    return found


def test_every_numbered_method_has_a_card_and_every_card_its_page():
    assert sorted(formulas.methods()) == NAMES
    assert {one.group for one in formulas.methods().values()} == set(GROUPS)


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("group", GROUPS)
def test_a_group_shows_its_cards_in_their_order_with_every_equation(
    opened: Opened, group: str, lang: str
):
    cards = cards_of(text_of(opened("methods", card=group, lang=lang)))
    wanted = [page for page, one in formulas.methods().items() if one.group == group]
    assert list(cards) == wanted
    for page in wanted:
        written = (PAGES / f"{page}.md").read_text(encoding="utf-8")
        equations = set(re.findall(r"\*\*\((\d+\.\d+[a-z]?)\b", written))
        assert equations <= set(re.findall(r"\((\d+\.\d+[a-z]?)\) ", cards[page])), page


@pytest.mark.parametrize("group", GROUPS)
def test_an_english_card_holds_no_chinese(opened: Opened, group: str):
    for page, card in cards_of(text_of(opened("methods", card=group, lang="en"))).items():
        plain = re.sub(r'<div class="small">.*?</div>', "", card)  # sources are cited as they are
        assert not CHINESE.search(plain), (page, CHINESE.search(plain))


@pytest.mark.parametrize("group", GROUPS)
def test_a_chinese_card_is_chinese(opened: Opened, group: str):
    for page, card in cards_of(text_of(opened("methods", card=group))).items():
        for rule in re.findall(r'class="(?:rule|card-title)">([^<]*)<', card):
            assert CHINESE.search(rule), (page, rule)


@pytest.mark.parametrize(
    ("page", "said"),
    [
        ("06-rasters-by-zone", ("编号 10：0.75 公顷", "空值：1.00 公顷", "合计 4.00 公顷")),
        ("07-soil-cores", ("= 27.578 t C/ha", "到 35 cm", "24.037", "6.1%", "29.249", "11.9")),
        ("08-flux", ("+1.893 t CO₂e", "−0.710 t CO₂e", "= 238 年", "1.9–4.4 ppt", "AR6")),
        ("09-mariculture", ("= 18.379 t C", "= 77.478 t C", "不称移除", "62.4 t C", "无数据")),
        ("10-credits", ("60.0%: 5.353", "= 3.212", "9,200", "7,360", "无数据", "414.3")),
        ("11-timeline", ("64 + 313 + 3 = 380", "378", "162.48", "49.88", "83.5", "835.0")),
        ("12-plausibility", ("88.3 t/公顷/年", "24.1", "8,768.5 元/吨", "2.96", "81 %")),
        ("13-simulation", ("均值 13,999", "13,044–14,964", "20220101", "10,000", "= 500 t C")),
        ("14-map-accuracy", ("= 125 公顷", "标准误 20.1", "64 %")),
        ("15-sensitivity", ("750–1,250", "800–1,200", "950–1,050")),
    ],
)
def test_a_card_shows_the_numbers_worked_by_hand(opened: Opened, page: str, said: tuple[str, ...]):
    card = cards_of(text_of(opened("methods", card=page)))[page]
    for words in said:
        assert words in card, words


def test_the_refusals_are_shown_in_the_very_words_of_the_library(opened: Opened):
    made, cores = worked.credits_example(), worked.cores_example()
    assert f">{made.ccer_refused}<" in text_of(opened("methods", card="credits"))
    text = text_of(opened("methods", card="stock", lang="en"))
    assert (cores.sparse.refused_because or "").replace("<", "&lt;") in text


def test_every_rule_of_plausibility_is_a_row_with_its_limit(opened: Opened):
    text = text_of(opened("methods", card="12-plausibility", lang="en"))
    rows = re.findall(r"<tr>(.*?)</tr>", text[text.index("Every rule, broken once") :])
    assert len([row for row in rows if "<td>" in row]) >= len(Rule)
    assert "<td>2,000 t C/ha</td>" in text
    assert "<td>2,000 yuan/t</td>" in text


def test_a_deep_link_marks_its_card_and_opens_its_group(opened: Opened):
    text = text_of(opened("methods", topic="formulas", card="08-flux"))
    marked = re.findall(
        r'<div class="card asked"[^>]*>.*?class="card-title">([^<]*)<', text, re.DOTALL
    )
    assert marked == ["通量"]
    assert list(cards_of(text)) == ["04-sequestration", "08-flux", "09-mariculture"]
    assert re.search(r'card=08-flux"[^>]*aria-current="true"', text)


def test_the_contents_link_every_method_and_keep_the_language(opened: Opened):
    text = text_of(opened("methods", lang="en"))
    for page in NAMES:
        assert f"card={page}" in text
    assert all("lang=en" in link for link in re.findall(r'href="(\./methods[^"]*)"', text))


@pytest.mark.parametrize("card", ["<i>x</i>", "99-nothing", "stock "])
def test_an_unknown_card_is_answered_in_words(opened: Opened, card: str):
    test = opened("methods", card=card)
    assert any("没有这个公式" in box.value for box in test.warning)
    assert list(cards_of(text_of(test))) == ["01-area", "06-rasters-by-zone"]


def test_without_a_plan_the_card_of_targets_says_so(opened: Opened, empty: None):
    assert "工作区里还没有规划" in text_of(opened("methods", card="05-targets"))
