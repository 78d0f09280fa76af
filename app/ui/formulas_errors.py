"""Cards of how far a number can be trusted: intervals, draws, maps, swings, guards."""

from __future__ import annotations

from xml.etree.ElementTree import Element

from bluecarbon_map.accounting.plausibility import Finding, Rule
from bluecarbon_map.reports import worked
from bluecarbon_map.reports.worked import plausibility as guards
from bluecarbon_map.reports.worked import uncertainty as errors
from ui import elements, factor_words, formula_cards, state
from ui.formula_cards import number
from ui.words import _


def intervals() -> list[Element]:
    """Method 3."""
    stock, total = worked.stock_example(), worked.sum_example()
    card = formula_cards.card(
        _("Intervals"),
        _(
            "Every interval says what it is. Amounts of one coefficient are wrong together, so "
            "their distances add; amounts of different ones add in quadrature, low and high apart."
        ),
        {
            "3.1": _("95 % of the mean: x̄ ± t(0.975, n−1) · SD / √n"),
            "3.2": _("borrowed: x · (1 ± SD_ref / x̄_ref)"),
            "3.3": _("one coefficient: d = Σ area × (x − low)"),
            "3.4": _("several: d = √(Σ d²);  correlated: d = √(ΣΣ ρ d d)"),
            "3.5": _("SD, n → SE = SD/√n;  a range never becomes an SE, and n = 1 has none"),
        },
        [
            _("Mangrove: {low}–{high} t C/ha ({kind}) → {from_t}–{to_t} t C.").format(
                low=number(stock.low_t_c_ha, 2),
                high=number(stock.high_t_c_ha, 2),
                kind=factor_words.interval_kind(stock.interval_kind),
                from_t=number(stock.low_t_c),
                to_t=number(stock.high_t_c),
            ),
            _("{terms} t C/ha, different coefficients:").format(terms=_added())
            + f" {number(total.value)} ({number(total.low)}–{number(total.high)}) t C",
            _("If both came from one coefficient, their distances would simply add:")
            + f" {number(total.same_low)}–{number(total.same_high)} t C",
            _("Not in it: the error of the area, and whether the sites stand for the whole."),
        ],
        "03-uncertainty",
        stock.source,
    )
    return [card]


def _added() -> str:
    """Areas of the two coefficients, with their ends."""
    ends = zip(errors.MEANS_T_C_HA, errors.LOWS_T_C_HA, errors.HIGHS_T_C_HA, strict=True)
    return " + ".join(f"{errors.TERM_HA:g} ha × {x:g} ({low:g}–{high:g})" for x, low, high in ends)


def simulation() -> list[Element]:
    """Method 13."""
    made = worked.simulation_example()
    drawn = made.drawn
    first, second = (
        f"{number(errors.TERM_HA)} ha × {mean:g} (SE {se:g})"
        for mean, se in zip(errors.MEANS_T_C_HA, errors.ERRORS_T_C_HA, strict=True)
    )
    card = formula_cards.card(
        _("Monte Carlo"),
        _(
            "Each draw has one value of a coefficient for all zones: if it is low, it is low "
            "everywhere. A number without a standard error is not drawn, and an area without a "
            "coefficient stays unknown."
        ),
        {
            "13.1": _("stock = Σ area × Σ density of the pools, in each draw"),
            "13.2": _("SE ≤ 30 %: normal, not below 0;  above: lognormal, σ² = ln(1 + (SE/x̄)²)"),
            "13.3": _("pools of an ecosystem: independent, or by a matrix of correlations"),
            "13.4": _("SE by kind of interval; a range, ± or SD without n has none: not drawn"),
            "13.5": _("one draw of a coefficient wherever it is used"),
        },
        [
            f"{first} + {second} t C/ha:",
            _("mean {mean}, 95 % {low}–{high} t C ({draws} draws, seed {seed})").format(
                mean=number(float(drawn.mean[0])),
                low=number(float(drawn.low[0])),
                high=number(float(drawn.high[0])),
                draws=number(drawn.draws),
                seed=drawn.seed,
            ),
            _("Worked out: √({widths}) = {se} t C of standard error.").format(
                widths=" + ".join(f"{number(one)}²" for one in made.widths_t_c),
                se=number(made.se_t_c),
            ),
            _(
                "Li'an Bay, plants and soil: {apart} if independent, {together} if wrong together; "
                "published {published}."
            ).format(
                apart=number(made.lian_bay_apart, 2),
                together=number(made.lian_bay_together, 2),
                published=number(errors.LIAN_BAY_PUBLISHED, 2),
            ),
        ],
        "13-simulation",
        errors.SIMULATION_SOURCE,
    )
    return [card]


def map_accuracy() -> list[Element]:
    """Method 14."""
    made = worked.map_accuracy_example()
    heads = [_("Mapped as"), _("truly 1"), _("truly 2"), _("Mapped, ha"), _("Adjusted, ha")]
    rows = [
        [str(i + 1), *map(str, points), number(made.mapped_ha[i]), number(made.area_ha[i])]
        for i, points in enumerate(errors.CHECKED)
    ]
    card = formula_cards.card(
        _("Map accuracy and area"),
        _(
            "Points of a stratified random check tell where a map is wrong, and areas move by it. "
            "The classes still add up to the map."
        ),
        {
            "14.1": "area_j = A · Σ W_i · n_ij / n_i",
            "14.2": "SE_j = A · √(Σ W_i² · p_ij (1 − p_ij) / (n_i − 1)),  p_ij = n_ij / n_i",
        },
        [
            elements.table(heads, rows),
            _("Class 1: {terms} = {area} ha, SE {se} (95 %: {low}–{high}).").format(
                terms=_terms(),
                area=number(made.area_ha[0]),
                se=number(made.se_ha[0], 1),
                low=number(made.low_ha[0], 1),
                high=number(made.high_ha[0], 1),
            ),
            _("User's accuracy {users} %, producer's accuracy {producers} %.").format(
                users=number(100 * made.users_accuracy[0]),
                producers=number(100 * made.producers_accuracy[0]),
            ),
        ],
        "14-map-accuracy",
        errors.MAP_ACCURACY_SOURCE,
    )
    return [card]


def _terms() -> str:
    """Mapped areas and the shares of them that are truly class 1."""
    pairs = zip(worked.map_accuracy_example().mapped_ha, errors.CHECKED, strict=True)
    return " + ".join(f"{number(area)} × {ones}/{ones + twos}" for area, (ones, twos) in pairs)


def sensitivity() -> list[Element]:
    """Method 15."""
    made = worked.sensitivity_example()
    area, soil, plants = errors.INPUTS.values()
    top = max(one.high for one in made.swings)
    rows: list[list[str | Element]] = [
        [_input(one.name), _bar(one.low, one.high, top), f"{number(one.low)}–{number(one.high)}"]
        for one in made.swings
    ]
    shown = elements.table([_("Input ± 25 %"), "", "t C"], rows)
    shown.set("class", "facts tornado")
    card = formula_cards.card(
        _("Sensitivity"),
        _(
            "Each input a quarter down and up, the others as they are, the widest swing first: "
            "what to measure better first. It is no interval, for 25 % is one step for all."
        ),
        {"": _("swing = result (input × 1.25) − result (input × 0.75)")},
        [
            f"{area:g} ha × ({soil:g} + {plants:g}) t C/ha = {number(made.stock_t_c)} t C",
            shown,
        ],
        "15-sensitivity",
        _("this system: the step of 25 % is a convention"),
    )
    return [card]


def _input(name: str) -> str:
    return {"area": _("Area"), "soil": _("Soil"), "plants": _("Plants")}[name]


def _bar(low: float, high: float, top: float) -> Element:
    """A swing on a scale from 0 to the widest end."""
    left, right = (100 * end / top for end in (low, high))
    bar = elements.tag("span", style=f"left:{left:.1f}%;width:{right - left:.1f}%")
    return elements.tag("div", "", "swing", bar, **{"aria-hidden": "true"})


def plausibility() -> list[Element]:
    """Method 12: the paper that was flagged, and every rule with its limit."""
    return [_flagged(), _rules()]


def _flagged() -> Element:
    made = worked.plausibility_example()
    return formula_cards.card(
        _("Plausibility"),
        _(
            "A guard says that a number cannot be, by which rule and which limit. It changes none "
            "and proves none, and an unknown number breaks none."
        ),
        {},
        [
            _("South coast of Hangzhou Bay, +{gain} t/ha in {years} years:").format(
                gain=number(guards.GAINED_T_HA, 2), years=number(guards.GAINED_IN_YR)
            ),
            _("{rate} t/ha/yr, and {as_co2} t C/ha/yr even if it were CO₂: flagged.").format(
                rate=number(made.gain.value, 1), as_co2=number(made.gain_as_co2.value, 1)
            ),
            _("{yuan} ÷ {tonnes} (10⁸ yuan, 10⁸ t) = {price} yuan/t: flagged.").format(
                yuan=number(guards.WORTH_1E8_YUAN, 1),
                tonnes=number(guards.WORTH_1E8_T, 3),
                price=number(made.price.value, 1),
            ),
            _(
                "Jiaozhou Bay, {amount} × 10⁸ t: {ratio} times the nation as carbon, {share} % of "
                "it as CO₂."
            ).format(
                amount=number(guards.JIAOZHOU_1E8_T, 2),
                ratio=number(made.bay_of_nation, 2),
                share=number(100 * made.bay_as_co2),
            ),
        ],
        "12-plausibility",
        guards.SOURCE,
    )


def _rules() -> Element:
    rows = [_rule(one) for one in worked.plausibility_example().rules]
    shown = elements.table([_("Rule"), _("Number"), _("Limit"), _("What it says")], rows)
    shown.set("class", "facts rules")
    card = formula_cards.card(
        _("Every rule, broken once"),
        _(
            "Each line is a number that breaks its rule, put to the guard as this page is shown. "
            "The limit is the guard's own."
        ),
        {},
        [shown],
        "12-plausibility",
        guards.SOURCE,
    )
    card.set("class", "card wide")
    return card


def _rule(one: Finding) -> list[str]:
    unit = _unit(one.unit)
    value, limit = (f"{_short(amount)} {unit}".strip() for amount in (one.value, one.limit))
    return [_rule_name(one.rule), value, limit, one.en if state.language() == "en" else one.zh]


def _short(amount: float) -> str:
    """With decimals only where it has them, fewer where it is large."""
    if float(amount).is_integer():
        return number(amount)
    return number(amount, 1 if abs(amount) >= 1000 else 2)


def _unit(unit: str) -> str:
    words = {"1": "", "degrees": "°", "yuan/t": _("yuan/t"), "yr": _("years")}
    return words.get(unit, unit)


def _rule_name(rule: Rule) -> str:
    words = {
        Rule.DENSITY: _("Carbon density"),
        Rule.BURIAL: _("Burial rate"),
        Rule.GAIN: _("Yearly gain of density"),
        Rule.NATION_STOCK: _("Stock of a place and the nation's"),
        Rule.NATION_BURIAL: _("Burial of a place and the nation's"),
        Rule.PRICE: _("Implied price"),
        Rule.STOCK_FLUX: _("Stock and flux"),
        Rule.SHARE: _("Shares"),
        Rule.CARBON: _("Carbon and CO₂"),
        Rule.DEPTH: _("Depth"),
        Rule.PLACE: _("Coordinates"),
    }
    return words[rule]
