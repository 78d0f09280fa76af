"""What commands share: options, refusals, and how a result is handed in."""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Callable, Iterable, Mapping
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, ParamSpec

import click

from bluecarbon_map.errors import BluecarbonError, InputError, NotFoundError

if TYPE_CHECKING:
    from bluecarbon_map.reports import ZoneSummary

P = ParamSpec("P")


FILE = click.Path(dir_okay=False, path_type=Path)


JSON = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")


WORKSPACE = click.option(
    "--workspace",
    type=click.Path(file_okay=False),
    help="Workspace folder [default: $BLUECARBON_WORKSPACE, else the embedded Zhejiang one].",
)


LANGUAGE = click.option(
    "--lang", type=click.Choice(["zh", "en"]), default="zh", show_default=True, help="Of names."
)


DEMONSTRATION = click.option(
    "--demonstration/--no-demonstration",
    default=True,
    show_default=True,
    help="Whether demonstration patches count; the result says so where they do.",
)


def refusals(command: Callable[P, None]) -> Callable[P, None]:
    """Turn refusals into a message and exit code 1; with --json into one JSON object too."""

    @wraps(command)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            command(*args, **kwargs)
        except (BluecarbonError, OSError) as problem:
            say(str(problem))
            if kwargs.get("as_json"):
                print_json({"error": {"kind": type(problem).__name__, **_told(problem)}})
            sys.exit(1)

    return guarded


def hand_in(
    summary: ZoneSummary,
    outlines: Any,  # noqa: ANN401 (a GeoDataFrame; geopandas is imported late)
    out: Path | None,
    *,
    as_json: bool,
    notes: Iterable[str],
    more: Mapping[str, object] | None = None,
) -> None:
    """Write the file, if one is asked for, then print the JSON or where the file is.

    ``more`` stands beside what the JSON always has.
    """
    from bluecarbon_map import export, reports

    warn(summary.warnings)
    written = (
        export.write(reports.bundle(summary, outlines, name="summary", notes=notes), out)
        if out
        else []
    )
    if as_json:
        print_json(reports.summary_json(summary) | dict(more or {}))
    for path in written:
        say(f"written: {path}")


def bare(layer: str) -> str:
    """Name of a file, and of the layer in it, without its folder: what may leave the office."""
    name, mark, layer_name = layer.partition("|layername=")
    return f"{Path(name).name}{mark}{layer_name}"


def require_output(out: Path | None, *, as_json: bool) -> None:
    """Refuse a command whose result would go nowhere."""
    if out is None and not as_json:
        raise click.UsageError("Say where the result goes: --out FILE, or --json")


def require_suffix(out: Path | None, known: tuple[str, ...]) -> None:
    """Refuse a file whose name asks for a format that there is not."""
    if out is not None and out.suffix.lower() not in known:
        raise click.UsageError(f"--out is one of {', '.join(known)}")


def write_bytes(out: Path, content: bytes) -> None:
    """Write a file as `export.write` does: the folder must be there, nothing stays half-written."""
    if not out.parent.is_dir():
        raise InputError(str(out), "its folder does not exist", "Create the folder first")
    with tempfile.TemporaryDirectory(dir=out.parent, prefix=".writing-") as folder:
        made = Path(folder) / out.name
        made.write_bytes(content)
        made.replace(out)
    say(f"written: {out}")


def require_other_file(out: Path | None, *read: str) -> None:
    """An input must outlive its result."""
    for name in read:
        file = Path(name.partition("|layername=")[0])
        if out is not None and out.exists() and file.exists() and out.samefile(file):
            raise InputError(
                str(out), "this is one of the input files", "Name another file to write"
            )


def _told(problem: Exception) -> dict[str, object]:
    """What an error says of itself: its message and whatever attributes it has."""
    names = ("where", "rows", "column", "reason", "found", "wanted", "table", "problems", "key",
             "known", "fix")  # fmt: skip
    told: dict[str, object] = {"message": str(problem)}
    if isinstance(problem, NotFoundError):
        told["looked_for"] = problem.kind  # "kind" is the class of the error
    for name in names:
        if hasattr(problem, name):
            value = getattr(problem, name)
            told[name] = [str(one) for one in value] if isinstance(value, tuple) else value
    return told


def warn(warnings: Iterable[str]) -> None:
    """Say each warning on standard error."""
    for warning in warnings:
        say(f"warning: {warning}")


def say_demonstration(area_ha: float) -> None:
    """Say on standard error that a result holds demonstration data, where it does."""
    if area_ha > 0:
        say(
            f"含演示数据 {area_ha:,.1f} 公顷，不得作为正式数引用；加 --no-demonstration 可去除 / "
            f"contains demonstration data ({area_ha:,.1f} ha): no official figure; "
            "--no-demonstration leaves it out"
        )


def say(text: str) -> None:
    """A line on standard error."""
    click.echo(text, err=True)


def print_json(value: object) -> None:
    """One JSON object on standard output."""
    click.echo(json.dumps(value, ensure_ascii=False, allow_nan=False, indent=None))
