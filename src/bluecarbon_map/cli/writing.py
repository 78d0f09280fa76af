"""``bluecarbon import``: a file through the gate, a preview, and one transaction."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bluecarbon_map.cli.gate import KINDS, how_to_read
from bluecarbon_map.cli.keeping import REASON, WHO, actor
from bluecarbon_map.cli.plans import plan_json, preview_text
from bluecarbon_map.cli.shared import JSON, WORKSPACE, print_json, refusals, say

if TYPE_CHECKING:
    from bluecarbon_map.gate.kinds import Options
    from bluecarbon_map.gate.problems import Inspection
    from bluecarbon_map.gate.take_in import Plan
    from bluecarbon_map.store.base import Receipt, Register, Workspace

_MODES = click.Choice(["baseline", "change", "special", "emergency"])
_MEANS = click.Choice(["remote_sensing", "fixed_station", "mobile", "none"])
_PROVENANCE = click.Choice(["survey", "published", "indicative", "demonstration"])
_LEVELS = click.Choice(["province", "city", "county", "other"])
_DAY = click.DateTime(["%Y-%m-%d"])
_PERCENT = click.FloatRange(0, 100)


@click.command("import")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--kind", type=click.Choice(KINDS), required=True, help="What the file holds.")
@click.option("--survey", metavar="ID", help="Survey of habitats or a raster; a new id makes one.")
@click.option("--title", help="Of a new survey or a raster, Chinese.")
@click.option("--title-en", help="The same in English [default: --title].")
@click.option(
    "--passport",
    "passport_file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="JSON file with the passport of a new survey or of a raster.",
)
@click.option("--mode", type=_MODES, help="Of a new survey: 基础/变更/专项/应急.")
@click.option("--means", type=_MEANS, help="Of a new survey: 遥感/固定站/移动.")
@click.option("--date", "day", type=_DAY, help="Last day of its observation; its year.")
@click.option("--date-from", type=_DAY, help="First day of its observation [default: --date].")
@click.option("--year", type=click.IntRange(1900, 2200), help="Year it stands for [--date's].")
@click.option("--organisation", help="Who made it.")
@click.option("--method", help="How it was made.")
@click.option("--licence", help="On what terms a raster may be used.")
@click.option("--base", metavar="ID", help="Survey that it changes.")
@click.option("--review", is_flag=True, help="Have its changes of --base decided one by one.")
@click.option("--cover-threshold", type=_PERCENT, help="Least plant cover of a patch, %.")
@click.option("--accuracy", type=_PERCENT, help="Overall accuracy as its maker states it, %.")
@click.option(
    "--extent", metavar="ZONE|hull", help="Ground that was looked at: a zone, or the patches' hull."
)
@click.option("--provenance", type=_PROVENANCE, help="Kind of record of rows that do not say it.")
@click.option("--source", help="Where it comes from [default: the name of the file].")
@click.option("--level", type=_LEVELS, help="Level of zones that do not say it.")
@how_to_read
@WHO
@REASON
@click.option("--yes", is_flag=True, help="Store it without asking, warnings and repairs too.")
@click.option(
    "--time-budget",
    type=click.FloatRange(min=1),
    metavar="S",
    help="Seconds the check may take [default: grows with the file].",
)
@WORKSPACE
@JSON
@refusals
def import_file(
    file: Path,
    who: str | None,
    reason: str | None,
    time_budget: float | None,
    workspace: str | None,
    *,
    yes: bool,
    as_json: bool,
    **said: Any,  # noqa: ANN401 (what the user says of the file and its survey)
) -> None:
    """Look through FILE, show what storing it would do, ask, and store it in one transaction."""
    from bluecarbon_map.sample import open_for_writing, open_workspace

    options, store = _options(said), open_workspace(workspace)
    with _inspected(file, options, store, time_budget) as inspection:
        name = actor(who)
        plan = _plan(_readable(store), inspection, options, said, name, reason)
        say(preview_text(plan))
        if said["review"]:
            _say_changes(_readable(store), plan)
        if not _agreed(plan, yes=yes):
            if as_json:
                print_json(plan_json(plan, None))
            sys.exit(1)
        register, copied = open_for_writing(workspace)
        if copied:
            say(copied)
        plan = _plan(register, inspection, options, said, name, reason)
        receipt = _stored(register, plan, name, reason, review=said["review"])
    if options.kind == "habitats" and not said["review"]:
        _summed_up(register, str(options.survey_id))
    if as_json:
        print_json(plan_json(plan, receipt))
    rows = ", ".join(f"{table} {count:,}" for table, count in receipt.rows.items())
    _say_left_alone(plan)
    say(f"stored as change {receipt.change_id}: {rows}; take it back: bluecarbon undo "
        f"{receipt.change_id}")  # fmt: skip


def _options(said: Mapping[str, Any]) -> Options:
    from bluecarbon_map.gate.kinds import Kind, Options

    same = ("crs", "encoding", "datum", "layer", "band", "columns", "words", "ecosystem",
            "date_order", "provenance", "source", "level")  # fmt: skip
    return Options(
        kind=Kind(said["kind"]), survey_id=said["survey"], **{name: said[name] for name in same}
    )


@contextmanager
def _inspected(
    file: Path, options: Options, store: Workspace, budget_s: float | None
) -> Iterator[Inspection]:
    """The file through the gate; whatever the gate left on the disk is gone afterwards."""
    from bluecarbon_map.gate.inspect import check_file
    from bluecarbon_map.gate.region import region_of
    from bluecarbon_map.gate.sandbox import Nursery

    with Nursery() as nursery, tempfile.TemporaryDirectory(prefix="bluecarbon-import-") as work:
        yield check_file(
            file,
            file.name,
            options,
            region_of(store),
            work=Path(work),
            budget_s=budget_s,
            nursery=nursery,
            progress=_Bar().tell,
        )


class _Bar:
    """How far a check is, on one line of a terminal; in a log one line a phase."""

    def __init__(self) -> None:
        self._phase = ""
        self._live = sys.stderr.isatty()

    def tell(self, phase: str, done: int, whole: int) -> None:
        """Draw it."""
        if not self._live and phase == self._phase:
            return
        self._phase = phase
        share = f" {done / whole:4.0%}" if whole and done else ""
        end = f"\r… {phase}{share}\033[K" if self._live else f"… {phase}{share}\n"
        click.echo(end, err=True, nl=False)


def _readable(store: Workspace) -> Register:
    """A workspace that a preview can be made of, even where it cannot be written yet."""
    from typing import cast

    from bluecarbon_map.gate.unwritten import Unwritten
    from bluecarbon_map.store.base import Register

    return store if isinstance(store, Register) else cast("Register", Unwritten(store))


def _plan(
    register: Register,
    inspection: Inspection,
    options: Options,
    said: Mapping[str, Any],
    name: str,
    reason: str | None,
) -> Plan:
    from bluecarbon_map.gate.problems import Verdict
    from bluecarbon_map.gate.take_in import prepare

    survey = extent = None
    if options.kind == "raster":
        _describe_raster(inspection, said)
    if options.kind == "habitats" and inspection.verdict is not Verdict.REJECT:
        survey = _passport(register, inspection, said)
        extent = _extent(register, inspection, said)
    return prepare(
        register, inspection, options, actor=name, reason=reason, survey=survey, extent=extent
    )


def _passport(
    register: Register, inspection: Inspection, said: Mapping[str, Any]
) -> dict[str, Any] | None:
    """Passport of a survey that is new; None for one that is there."""
    from bluecarbon_map.errors import InputError
    from bluecarbon_map.gate.take_in import passport

    if said["survey"] is None or said["survey"] in register.surveys()["survey_id"].tolist():
        return None
    if said["passport_file"] is not None:
        from bluecarbon_map.gate.unload import read_passport

        return passport(
            inspection, read_passport(said["passport_file"]) | {"survey_id": said["survey"]}
        )
    last = said["day"].date() if said["day"] else None
    first = said["date_from"].date() if said["date_from"] else last
    year = said["year"] or (last.year if last else None)
    needed = {"--title": said["title"], "--mode": said["mode"], "--means": said["means"],
              "--method": said["method"], "--date or --year": year}  # fmt: skip
    missing = [name for name, value in needed.items() if not value]
    if missing:
        raise InputError(
            f"survey {said['survey']!r}", "it is new, and its passport is not whole",
            f"Give {', '.join(missing)}",
        )  # fmt: skip
    return passport(
        inspection,
        {
            "survey_id": said["survey"],
            "title_zh": said["title"],
            "title_en": said["title_en"] or said["title"],
            "mode": said["mode"],
            "means": said["means"],
            "year": year,
            "observed_from": first and first.isoformat(),
            "observed_to": last and last.isoformat(),
            "base_survey_id": said["base"],
            "organisation": said["organisation"],
            "method": said["method"],
            "cover_threshold_percent": said["cover_threshold"],
            "accuracy_percent": said["accuracy"],
            "provenance": said["provenance"] or "survey",
            "source": said["source"] or inspection.name,
        },
    )


def _describe_raster(inspection: Inspection, said: Mapping[str, Any]) -> None:
    """The passport of a raster, which a GeoTIFF does not hold."""
    from bluecarbon_map.gate.take_in import describe_raster
    from bluecarbon_map.gate.unload import read_passport

    row = {} if said["passport_file"] is None else read_passport(said["passport_file"])
    told = {
        "title_zh": said["title"],
        "title_en": said["title_en"] or said["title"],
        "survey_id": said["survey"],
        "year": said["year"] or (said["day"].year if said["day"] else None),
        "method": said["method"],
        "licence": said["licence"],
        "provenance": said["provenance"],
        "source": said["source"],
    }
    describe_raster(inspection, row | {name: one for name, one in told.items() if one})


def _extent(register: Register, inspection: Inspection, said: Mapping[str, Any]) -> Any:  # noqa: ANN401
    """Outline of what was looked at; None where nobody says."""
    import geopandas as gpd

    from bluecarbon_map.gate.extents import ground_of, hull_of
    from bluecarbon_map.gate.take_in import rows_of
    from bluecarbon_map.gate.unload import extent_in, read_passport

    asked, file = said["extent"], said["passport_file"]
    if asked is None:
        return None if file is None else extent_in(read_passport(file), file.name)
    if asked == "hull":
        return hull_of(gpd.GeoDataFrame(rows_of(inspection)))
    return ground_of(register.zones(), asked)


def _agreed(plan: Plan, *, yes: bool) -> bool:
    """Whether it is to be stored; a refused file never is, and nobody is asked in a script."""
    from bluecarbon_map.gate.problems import Verdict

    if plan.change is None:
        say("nothing is stored: mend what is named above" if plan.verdict is Verdict.REJECT
            else "nothing is stored: there is nothing new")  # fmt: skip
        return False
    if yes:
        return True
    if not sys.stdin.isatty():
        say("nothing is stored: look at the preview, then run it again with --yes")
        return False
    return click.confirm("Store it?", err=True)


def _stored(
    register: Register, plan: Plan, name: str, reason: str | None, *, review: bool
) -> Receipt:
    """Taken in as it is, or laid before a reviewer."""
    from bluecarbon_map.gate import proposing, take_in

    if review:
        return proposing.propose(register, plan, actor=name, reason=reason)
    return take_in.commit(register, plan)


def _say_left_alone(plan: Plan) -> None:
    """Patches of the survey that the file does not hold, beside what was stored."""
    from bluecarbon_map.gate.consequences import NOT_IN_FILE

    for one in plan.problems:
        if one.code == NOT_IN_FILE:
            say(f"{one.message}. {one.fix}")


def _say_changes(store: Register, plan: Plan) -> None:
    """What a reviewer would have to decide on."""
    from bluecarbon_map.gate.proposing import compared, counted

    if plan.change is not None:
        counts = counted(compared(store, plan)).items()
        told = ", ".join(f"{count:,} {what}" for what, count in counts)
        say(f"to be reviewed against the base survey: {told}")


def _summed_up(register: Register, survey_id: str) -> None:
    """Areas of the survey, once, so that the dashboard opens at once."""
    from bluecarbon_map import reports
    from bluecarbon_map.errors import BluecarbonError

    try:
        reports.measure(register, survey_id)
    except BluecarbonError as problem:  # it is stored all the same
        say(f"warning: {problem}")
