"""Print what the gate says of every file of the corpus of bad input, beside what it should say.

    python scripts/badinputs.py [FOLDER] [--no-namespace]

Exit 1 where a verdict is not the expected one.
"""

from __future__ import annotations

import csv
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

from bluecarbon_map.gate.inspect import check_file
from bluecarbon_map.gate.kinds import Kind, Options
from bluecarbon_map.gate.problems import Inspection, Verdict
from bluecarbon_map.gate.region import region_of
from bluecarbon_map.gate.sandbox import DEFAULT_LIMITS, Nursery
from bluecarbon_map.sample import open_workspace

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "tests" / "data" / "badinputs"

_KINDS = {"csv": Kind.SITES, "tif": Kind.RASTER}
_OWN_KINDS = {"csv/tx_float_money.csv": Kind.TRANSACTIONS}


def kind_of(file: str) -> Kind:
    """What a file of the corpus is checked as."""
    return _OWN_KINDS.get(file, _KINDS.get(file.partition("/")[0], Kind.HABITATS))


def is_right(row: dict[str, str], verdict: Verdict) -> bool:
    """Whether a verdict is what the manifest expects.

    ``neutralise``: the hostile text is taken in as it is, and shown as text; a name of a column or
    a layer may also be refused where the manifest says so.
    """
    if row["expect"] != "neutralise":
        return verdict.value == row["expect"]
    may_refuse = "refuse" in row["good_software_should"]
    return verdict in (Verdict.ACCEPT, Verdict.WARN) or may_refuse


def manifest(folder: Path = FOLDER) -> list[dict[str, str]]:
    """Rows of the corpus's manifest."""
    with (folder / "manifest.csv").open(encoding="utf-8", newline="") as opened:
        return list(csv.DictReader(opened))


def main(arguments: list[str]) -> int:
    """Check every file and print the table."""
    names = [one for one in arguments if not one.startswith("-")]
    folder = Path(names[0]) if names else FOLDER
    limits = replace(DEFAULT_LIMITS, cut_off="--no-namespace" not in arguments)
    region = region_of(open_workspace())
    wrong = 0
    with Nursery(warm=True) as nursery, tempfile.TemporaryDirectory() as work:
        for row in manifest(folder):
            begun = time.monotonic()
            said = check_file(
                folder / row["file"],
                row["upload_name"].encode().decode("unicode_escape"),
                Options(kind=kind_of(row["file"])),
                region,
                work=Path(work),
                limits=limits,
                nursery=nursery,
            )
            right = is_right(row, said.verdict)
            wrong += not right
            _print(row, said, time.monotonic() - begun, right=right)
    print(f"{len(manifest(folder)) - wrong} of {len(manifest(folder))} right")
    return 1 if wrong else 0


def _print(row: dict[str, str], said: Inspection, seconds: float, *, right: bool) -> None:
    first = said.problems[0] if said.problems else None
    words = f"{first.code}: {first.message} → {first.fix}" if first else ""
    mark = " " if right else "✗"
    verdict = f"{row['file']:38} {row['expect']:10} {said.verdict:7}"
    print(f"{mark} {verdict} {seconds:4.1f} s  {words[:150]}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
