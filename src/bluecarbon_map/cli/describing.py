"""``bluecarbon describe``: what a workspace says of itself, and what it opens with."""

from __future__ import annotations

import click

from bluecarbon_map.cli.keeping import REASON, WHO, actor
from bluecarbon_map.cli.shared import JSON, WORKSPACE, print_json, refusals, say

_USUAL = 'or "" for the usual one'


@click.command()
@click.option("--name", "name_zh", metavar="TEXT", help="Chinese name of the region.")
@click.option("--name-en", metavar="TEXT", help="The same in English.")
@click.option(
    "--survey", "default_survey_id", metavar="ID", help=f"Survey to begin with, {_USUAL}."
)
@click.option("--plan", "default_plan_id", metavar="ID", help=f"Plan to begin with, {_USUAL}.")
@click.option("--factors", "factor_set", metavar="NAME", help="Named set of coefficients.")
@click.option("--map-review-number", metavar="NO", help='审图号 of its map; "" where it has none.')
@WHO
@REASON
@WORKSPACE
@JSON
@refusals
def describe(
    who: str | None,
    reason: str | None,
    workspace: str | None,
    *,
    as_json: bool,
    **said: str | None,
) -> None:
    """Say what a workspace is called and opens with; without an option, show what it says."""
    from dataclasses import asdict

    from bluecarbon_map.gate import describing
    from bluecarbon_map.sample import open_for_writing, open_workspace

    wanted = {name: text for name, text in said.items() if text is not None}
    stored = None
    if wanted:
        register, copied = open_for_writing(workspace)
        if copied:
            say(copied)
        _before, seen = describing.described(register)
        stored = describing.describe(register, wanted, seen=seen, actor=actor(who), reason=reason)
        info = register.info
    else:
        info = open_workspace(workspace).info
    if as_json:
        print_json(asdict(info) | ({"stored": asdict(stored)} if stored else {}))
    for name, text in asdict(info).items():
        say(f"{name}: {'-' if text is None else text}")
    if stored:
        say(f"stored as change {stored.change_id}; take it back: bluecarbon undo "
            f"{stored.change_id}")  # fmt: skip
