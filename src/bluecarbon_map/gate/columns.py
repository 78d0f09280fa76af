"""Which column of a file is which of its contract: the user's word first, then the usual names."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Final

from bluecarbon_map.gate.findings import Findings, shown
from bluecarbon_map.gate.kinds import Options
from bluecarbon_map.gate.texts import folded
from bluecarbon_map.gate.wanted import WANTED, Wanted, matches

_SURVEYED_ID: Final = "id"
"""Role of the ids of patches and sites, which surveys name in many ways."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A column of the file that was recognised.

    Attributes:
        wanted: What it is.
        column: Its name in the file.
        unit: Folded spelling of the unit its name states; '' where it states none.
        by_user: Whether the user said so; then the unit is the contract's unless the name has one.
    """

    wanted: Wanted
    column: str
    unit: str
    by_user: bool = False


def match_columns(
    names: Sequence[str],
    options: Options,
    findings: Findings,
    repeats: Callable[[str], bool] = lambda _: False,
    cut: Collection[str] = (),
) -> dict[str, Found]:
    """Columns of the file by column of the contract; each of the file serves once.

    What is ambiguous is a problem; a column that the user maps and that is not there is an error.

    Args:
        names: Columns of the file.
        options: What the user says of it.
        findings: Takes what is found.
        repeats: Whether different rows share a value of a column, so that it names no record.
        cut: Names that are but the beginning of others: only the user may map them.
    """
    wanted = WANTED[options.kind]
    found = _by_user(wanted, names, options, findings)
    taken = {one.column for one in found.values()} | set(cut)
    owners = _owners(wanted, names)
    for one in wanted:
        if one.name in found:
            continue
        free = [name for name in names if name not in taken and owners.get(name, one) is one]
        if one.role == _SURVEYED_ID:
            free = _without_repeating(one, free, findings, repeats)
        best = _best(one, free, findings)
        if best is not None:
            found[one.name] = best
            taken.add(best.column)
    return found


def _without_repeating(
    wanted: Wanted, names: Sequence[str], findings: Findings, repeats: Callable[[str], bool]
) -> list[str]:
    """Columns but those that would be the id and repeat, where another one behind them does not.

    A patch's number is its own in one village only, and a code may be that of its class. The
    contract's own name is the user's word. Where all repeat, the usual one stays.
    """
    fits = {name: fit for name in names if (fit := matches(wanted, name)) is not None}
    ranked = sorted(fits, key=lambda name: fits[name][0])
    unfit: list[str] = []
    for name in ranked:
        if fits[name][0] == 0 or len(ranked) == 1:
            break
        if not repeats(name):
            if unfit:
                findings.warning(
                    "id_repeats",
                    f"{', '.join(map(shown, unfit))} repeats or is empty, so it names no record; "
                    f"{shown(name)} was read as the id",
                    "Map the right column if it is another",
                    column=name,
                )
            return [one for one in names if one not in unfit]
        unfit.append(name)
    return list(names)


def _owners(wanted: Sequence[Wanted], names: Sequence[str]) -> dict[str, Wanted]:
    """Whose contract name a column bears: no other may take it for one of its further names."""
    return {
        name: one
        for one in wanted
        for name in names
        if (fit := matches(one, name)) is not None and fit[0] == 0
    }


def _by_user(
    wanted: Sequence[Wanted], names: Sequence[str], options: Options, findings: Findings
) -> dict[str, Found]:
    known = {one.name: one for one in wanted}
    found: dict[str, Found] = {}
    for target, column in options.columns.items():
        if target not in known:
            findings.error(
                "mapping_unknown",
                f"{shown(target)} is no column of {options.kind}",
                f"Map to one of {', '.join(known)}",
            )
        elif column not in names:
            findings.error(
                "mapping_missing",
                f"there is no column {shown(column)} to read as {target}",
                f"Choose one of {', '.join(map(shown, names[:20]))}",
                column=column,
            )
        else:
            fits = matches(known[target], column)
            found[target] = Found(
                wanted=known[target], column=column, unit=fits[1] if fits else "", by_user=True
            )
    return found


def _best(wanted: Wanted, names: Sequence[str], findings: Findings) -> Found | None:
    fits = [(fit, name) for name in names if (fit := matches(wanted, name)) is not None]
    if not fits:
        return None
    rank = min(fit[0] for fit, _ in fits)
    alike = [(fit, name) for fit, name in fits if fit[0] == rank]
    if len(alike) > 1:
        return _of_several(wanted, alike, findings)
    (_, unit), name = alike[0]
    if others := [other for _, other in fits if other != name]:
        findings.info(
            "column_also",
            f"{', '.join(map(shown, others))} could be {wanted.name} too; it was not used",
            "Map the right column if it is another",
            column=name,
        )
    return Found(wanted=wanted, column=name, unit=unit)


def _of_several(
    wanted: Wanted, alike: Sequence[tuple[tuple[int, str], str]], findings: Findings
) -> Found | None:
    """The one in the unit of the contract, then the one in plain spelling; none where two are."""
    names = [name for _, name in alike]
    measure = wanted.measure
    own = [one for one in alike if measure is not None and measure.is_own(one[0][1])] or alike
    exact = own if len(own) == 1 else [one for one in own if one[1] == folded(one[1])]
    said = ", ".join(map(shown, names))
    if len(exact) != 1:
        findings.error(
            "column_ambiguous",
            f"the columns {said} could all be {wanted.name}",
            "Say which one to read, or leave the others out of the file",
            column=names[0],
            count=len(names),
        )
        return None
    (_, unit), name = exact[0]
    findings.warning(
        "column_case",
        f"the columns {said} differ only in case, width or unit; {shown(name)} was read",
        "Say which one to read, or leave the others out of the file",
        column=name,
        count=len(names),
    )
    return Found(wanted=wanted, column=name, unit=unit)
