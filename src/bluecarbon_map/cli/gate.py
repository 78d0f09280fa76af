"""The gate on the command line: what is wrong with a file, before anything is stored."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, ParamSpec

import click

from bluecarbon_map.cli.shared import JSON, WORKSPACE, print_json, refusals, say

if TYPE_CHECKING:
    from bluecarbon_map.gate.problems import Inspection, Problem

P = ParamSpec("P")

KINDS = ["habitats", "zones", "sites", "cores", "projects", "transactions", "harvests", "targets",
         "registers", "raster"]  # fmt: skip


def _pairs(_context: object, option: click.Parameter, given: tuple[str, ...]) -> dict[str, str]:
    """``a=b`` given any number of times."""
    found = {}
    for text in given:
        left, mark, right = text.partition("=")
        if not mark or not left.strip() or not right.strip():
            raise click.BadParameter(f"{text!r}: write it as LEFT=RIGHT", param=option)
        found[left.strip()] = right.strip()
    return found


def _of_words(context: object, option: click.Parameter, given: tuple[str, ...]) -> dict[str, str]:
    """Words of the file → what they mean; ``-`` leaves such rows out."""
    from bluecarbon_map.gate.vocabulary import LEAVE_OUT

    return {
        word: said if said == LEAVE_OUT else _key(said, option)
        for word, said in _pairs(context, option, given).items()
    }


def _ecosystem(_context: object, option: click.Parameter, given: str | None) -> str | None:
    return None if given is None else _key(given, option)


def _key(name: str, option: click.Parameter) -> str:
    """Key of an ecosystem by any of its names."""
    from bluecarbon_map.ecosystems import recognise
    from bluecarbon_map.gate.vocabulary import ecosystem_names

    known = recognise(name)
    if known is None:
        raise click.BadParameter(
            f"{name!r} is no ecosystem; there are: {ecosystem_names()}", param=option
        )
    return known[0]


_HOW_TO_READ = (
    click.option("--crs", metavar="EPSG:N", help="Coordinate system, where the file states none."),
    click.option("--encoding", help="Encoding of its text, where the file states none."),
    click.option(
        "--datum", type=click.Choice(["gcj02", "bd09"]), help="Convert from this datum."
    ),
    click.option("--layer", help="Layer of a file with several."),
    click.option(
        "--band", type=click.IntRange(min=1),
        help="Band of a raster with several [default: the first].",
    ),
    click.option(
        "--date-order", type=click.Choice(["ymd", "dmy", "mdy"]), help="Order in ambiguous dates."
    ),
    click.option(
        "--column", "columns", multiple=True, callback=_pairs, metavar="OURS=THEIRS",
        help="Column of the contract = column of the file; may be given again.",
    ),
    click.option(
        "--word", "words", multiple=True, callback=_of_words, metavar="WORD=ECOSYSTEM",
        help="Ecosystem that a word means, or - to leave such rows out; may be given again.",
    ),
    click.option(
        "--ecosystem", callback=_ecosystem, metavar="NAME",
        help="Ecosystem of every row, where no column says it: its key or a name of it.",
    ),
)  # fmt: skip


def how_to_read(command: Callable[P, None]) -> Callable[P, None]:
    """Options that say how a file is to be read, for whatever command looks through one."""
    for option in reversed(_HOW_TO_READ):
        command = option(command)
    return command


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--kind", type=click.Choice(KINDS), required=True, help="What the file holds.")
@how_to_read
@click.option(
    "--time-budget",
    type=click.FloatRange(min=1),
    metavar="S",
    help="Seconds it may take [default: grows with the file, two minutes at most].",
)
@WORKSPACE
@JSON
@refusals
def check(
    file: Path,
    kind: str,
    time_budget: float | None,
    workspace: str | None,
    *,
    as_json: bool,
    **said: Any,  # noqa: ANN401 (what the user says of the file, as `Options` names it)
) -> None:
    """Look through FILE as the import does, and change nothing; exit 1 where it is refused."""
    from bluecarbon_map.gate.sandbox import Nursery

    with Nursery() as nursery, tempfile.TemporaryDirectory(prefix="bluecarbon-check-") as work:
        # the nursery loads its libraries while these load here
        from bluecarbon_map.gate.inspect import check_file
        from bluecarbon_map.gate.kinds import Kind, Options
        from bluecarbon_map.gate.problems import Verdict
        from bluecarbon_map.gate.region import region_of
        from bluecarbon_map.sample import open_workspace

        found = check_file(
            file,
            file.name,
            Options(kind=Kind(kind), **said),
            region_of(open_workspace(workspace)),
            work=Path(work),
            budget_s=time_budget,
            nursery=nursery,
            progress=_tell,
        )
    if as_json:
        print_json(inspection_json(found))
    else:
        click.echo(inspection_text(found))
    if found.verdict is Verdict.REJECT:
        sys.exit(1)


def inspection_json(said: Inspection) -> dict[str, object]:
    """An inspection as others rely on it; a number that is not known is null."""
    return {
        "verdict": said.verdict.value,
        "kind": said.kind,
        "file": said.name,
        "sha256": said.sha256 or None,
        "rows": said.rows,
        "area_ha": said.area_after_ha,
        "area_before_ha": said.area_before_ha,
        "union_ha": said.union_ha,
        "crs": said.crs,
        "encoding": said.encoding,
        "layers": list(said.layers),
        "mapping": dict(said.mapping),
        "ignored": list(said.ignored),
        "problems": [_problem_json(problem) for problem in said.problems],
    }


def _problem_json(problem: Problem) -> dict[str, object]:
    """A problem; a repair is a warning that the user has to confirm."""
    severity = problem.severity.value
    return {
        "severity": "warning" if severity == "repair" else severity,
        "repair": severity == "repair",
        "code": problem.code,
        "row": problem.row,
        "column": problem.column,
        "message": problem.message,
        "fix": problem.fix,
        "count": problem.count,
    }


def inspection_text(said: Inspection) -> str:
    """An inspection as lines for a reader."""
    rows = "no rows" if said.rows is None else f"{said.rows:,} rows"
    area = "" if said.area_after_ha is None else f", {said.area_after_ha:,.2f} ha"
    lines = [f"{said.verdict.value}: {said.name} as {said.kind} ({rows}{area})"]
    lines += [f"  {_line(problem)}" for problem in said.problems]
    return "\n".join(lines)


def _line(problem: Problem) -> str:
    place = "" if problem.row is None else f" row {problem.row}"
    place += "" if problem.column is None else f" column {problem.column!r}"
    more = f" ×{problem.count}" if problem.count > 1 else ""
    return (
        f"{problem.severity.value}{place} [{problem.code}{more}]: {problem.message}. {problem.fix}."
    )


def _tell(phase: str, done: int, whole: int) -> None:
    """How far it is, on standard error."""
    say(
        f"… {phase}"
        + (f" {done:,}/{whole:,}" if whole and done else f" {whole:,}" if whole else "")
    )
