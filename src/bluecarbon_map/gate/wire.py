"""What the server and the child write for each other: plain JSON, read back strictly."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

import shapely

from bluecarbon_map.gate.kinds import Kind, Options
from bluecarbon_map.gate.parsed import Region
from bluecarbon_map.gate.problems import Problem, Severity

MOST_PROBLEMS: Final = 1000
_MOST_TEXT: Final = 2000
_MOST_ANSWER: Final = 8_000_000


def write_request(job: Path, found: str, options: Options, region: Region | None) -> None:
    """Write what a child is to do into the folder of its job."""
    names = None
    if region is not None:
        names = [region.name_zh, region.name_en]
        (job / "region.wkb").write_bytes(shapely.to_wkb(region.outline))
        if region.land is not None:
            (job / "land.wkb").write_bytes(shapely.to_wkb(region.land))
    request = {"format": found, "options": asdict(options), "region": names}
    (job / "request.json").write_text(json.dumps(request), encoding="utf-8")


def options_of(request: Mapping[str, Any]) -> Options:
    """The user's words in a request."""
    said = request["options"]
    return Options(**{**said, "kind": Kind(said["kind"])})


def region_of(job: Path, request: Mapping[str, Any]) -> Region | None:
    """The region of a request."""
    if request["region"] is None:
        return None
    name_zh, name_en = request["region"]
    land = job / "land.wkb"
    return Region(
        name_zh=name_zh,
        name_en=name_en,
        outline=shapely.from_wkb((job / "region.wkb").read_bytes()),
        land=shapely.from_wkb(land.read_bytes()) if land.exists() else None,
    )


def write_answer(job: Path, answer: Mapping[str, Any]) -> None:
    """Write an answer whole: it is there, or it is not."""
    draft = job / "answer.draft"
    draft.write_text(json.dumps(answer, ensure_ascii=True), encoding="ascii")
    draft.replace(job / "answer.json")


def told(problem: Problem) -> dict[str, Any]:
    """A problem as JSON."""
    return {**asdict(problem), "severity": problem.severity.value}


def read_answer(job: Path) -> dict[str, Any]:
    """Read an answer; the child that wrote it has read a file of a stranger, so trust nothing.

    Raises:
        ValueError: If it is no answer.
    """
    path = job / "answer.json"
    if path.is_symlink() or not path.is_file() or path.stat().st_size > _MOST_ANSWER:
        raise ValueError("no answer, or one far too long")
    raw = json.loads(path.read_bytes())
    if not isinstance(raw, dict) or not isinstance(raw.get("problems"), list):
        raise ValueError("an answer without problems")
    return {
        "problems": tuple(_problem(one) for one in raw["problems"][:MOST_PROBLEMS]),
        "rows": _optional(raw.get("rows"), int),
        "area_before_ha": _number(raw.get("area_before_ha")),
        "area_after_ha": _number(raw.get("area_after_ha")),
        "union_ha": _number(raw.get("union_ha")),
        "crs": _text(raw.get("crs")),
        "encoding": _text(raw.get("encoding")),
        "mapping": {_must(k): _text(v) for k, v in _dict(raw.get("mapping")).items()},
        "ignored": tuple(_must(name) for name in raw.get("ignored") or ()),
        "layers": tuple(_must(name) for name in raw.get("layers") or ()),
        "sample": tuple(
            {_must(k): _must(v) for k, v in _dict(row).items()} for row in raw.get("sample") or ()
        ),
        "table": _table(job, raw.get("table")),
    }


def _problem(said: Any) -> Problem:  # noqa: ANN401 (whatever a child may have written)
    fields = _dict(said)
    return Problem(
        severity=Severity(fields["severity"]),
        code=_must(fields["code"])[:60],
        message=_must(fields["message"]),
        fix=_must(fields["fix"]),
        row=_optional(fields.get("row"), int),
        column=_text(fields.get("column")),
        count=_optional(fields.get("count"), int) or 1,
    )


def _table(job: Path, said: Any) -> Path | None:  # noqa: ANN401
    if said is None:
        return None
    if said not in ("table.parquet", "raster.tif"):
        raise ValueError("an answer names a file of its own")
    path = job / str(said)
    if path.is_symlink() or not path.is_file():
        raise ValueError("the file of an answer is missing")
    return path


def _dict(said: Any) -> dict[str, Any]:  # noqa: ANN401
    if said is None:
        return {}
    if not isinstance(said, dict):
        raise TypeError("not an object")
    return said


def _must(said: Any) -> str:  # noqa: ANN401
    if not isinstance(said, str):
        raise TypeError("not a text")
    return said.encode("utf-8", "replace").decode()[:_MOST_TEXT]


def _text(said: Any) -> str | None:  # noqa: ANN401
    return None if said is None else _must(said)


def _optional(said: Any, kind: type[int]) -> int | None:  # noqa: ANN401
    if said is None:
        return None
    if not isinstance(said, kind) or isinstance(said, bool):
        raise TypeError("not a number")
    return said


def _number(said: Any) -> float | None:  # noqa: ANN401
    if said is None:
        return None
    if not isinstance(said, int | float) or isinstance(said, bool):
        raise TypeError("not a number")
    return float(said) if math.isfinite(said) else None
