"""Commands that keep a workspace safe: backup, restore, verify; its history, and taking back."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bluecarbon_map.cli.shared import JSON, WORKSPACE, print_json, refusals, say

if TYPE_CHECKING:
    from bluecarbon_map.store.base import Register

WHO = click.option(
    "--who", metavar="NAME", help="Who does it, for the history [default: the account's name]."
)
REASON = click.option("--reason", metavar="TEXT", help="Why, for the history.")


def actor(who: str | None) -> str:
    """Who does it: the name given, else the account's."""
    import getpass

    return (who or "").strip() or getpass.getuser()


def kept(workspace: str | None) -> Register:
    """A workspace that keeps its history.

    Raises:
        ReadOnlyError: If it is a folder of files.
    """
    from bluecarbon_map.errors import ReadOnlyError
    from bluecarbon_map.sample import embedded_folder, workspace_folder
    from bluecarbon_map.store.places import open_register

    folder = workspace_folder(workspace)
    if folder.resolve() == embedded_folder().resolve():
        fix = "It has no history yet: the first import copies it to your own data folder"
        raise ReadOnlyError(str(folder), fix)
    return open_register(folder)


@click.command()
@click.argument("target", metavar="FILE|DIR", type=click.Path(path_type=Path))
@click.option(
    "--keep", type=click.IntRange(min=1), metavar="N", help="In DIR, keep the newest N only."
)
@WORKSPACE
@JSON
@refusals
def backup(target: Path, keep: int | None, workspace: str | None, *, as_json: bool) -> None:
    """Put a workspace into one checked file, while others may write to it."""
    from dataclasses import asdict

    from bluecarbon_map.sample import workspace_folder
    from bluecarbon_map.store import backup as backups
    from bluecarbon_map.store.backup_file import read_manifest

    file = backups.backup(workspace_folder(workspace), target, keep)
    if as_json:
        print_json({"file": str(file), **asdict(read_manifest(file))})
    say(f"written and checked: {file} ({file.stat().st_size:,} bytes)")


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option(
    "--database",
    metavar="URL",
    help="PostgreSQL database for a backup of one; its password in PGPASSWORD or ~/.pgpass.",
)
@JSON
@refusals
def restore(file: Path, folder: Path, database: str | None, *, as_json: bool) -> None:
    """Make a workspace of a backup in a new folder DIR, and verify all of it."""
    from dataclasses import asdict

    from bluecarbon_map.store import backup as backups

    said = backups.restore(file, folder, database)
    if as_json:
        print_json({"workspace": str(folder), **asdict(said)})
    say(f"restored and verified: {folder} ({said.name_zh}, {said.changes:,} changes, "
        f"as of {said.made_at})")  # fmt: skip
    say(f"next: bluecarbon app --workspace {folder}")


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@WORKSPACE
@JSON
@refusals
def unload(folder: Path, workspace: str | None, *, as_json: bool) -> None:
    """Write a workspace into DIR as files that the import takes again, with the commands."""
    from bluecarbon_map.gate.unload import unload as written
    from bluecarbon_map.sample import open_workspace

    files = written(open_workspace(workspace), folder)
    if as_json:
        print_json({"folder": str(folder), "commands": [one.command for one in files]})
    for one in files:
        say(f"written: {one.path}")
    say(f"how to take them in again: {folder / 'README.md'}")


@click.command()
@click.option(
    "--head", metavar="HASH", help="A head noted earlier: exit 1 if the chain no longer holds it."
)
@WORKSPACE
@JSON
@refusals
def verify(head: str | None, workspace: str | None, *, as_json: bool) -> None:
    """Hold every stored row, file and audit entry against the chain; exit 1 where one differs."""
    store = kept(workspace)
    faults, changes = store.verify(head), len(store.changes())
    told = [{"where": fault.where, "what": fault.what} for fault in faults]
    if as_json:
        print_json({"whole": not faults, "changes": changes, "head": store.head,
                    "faults": told})  # fmt: skip
    for fault in faults:
        say(f"{fault.where}: {fault.what}")
    if faults:
        say(f"{len(faults)} faults: restore the newest good backup into a new folder and compare")
        sys.exit(1)
    say(f"whole: {changes:,} changes, every row, file and audit entry is as it was written")
    say(f"head of the audit chain, to note: {store.head}")


@click.command()
@WORKSPACE
@JSON
@refusals
def changes(workspace: str | None, *, as_json: bool) -> None:
    """Who changed what, when, why and from which file; the newest first."""
    from bluecarbon_map.gate.edits import plain

    rows = plain(kept(workspace).changes())
    if as_json:
        print_json({"changes": rows})
        return
    for row in rows:
        said = [str(row["change_id"]), row["at"], row["kind"], row["actor"], f"{row['rows']} rows"]
        said += [row[name] for name in ("source_name", "reason") if row[name]]
        if row["undone_by"] is not None:
            said.append(f"taken back by {row['undone_by']}")
        click.echo("  ".join(said))


@click.command()
@click.argument("change_id", metavar="N", type=click.IntRange(min=1))
@WHO
@REASON
@WORKSPACE
@JSON
@refusals
def undo(
    change_id: int, who: str | None, reason: str | None, workspace: str | None, *, as_json: bool
) -> None:
    """Take change N back: totals are what they were before it. Undoing an undo redoes it."""
    receipt = kept(workspace).undo(change_id, actor=actor(who), reason=reason)
    if as_json:
        print_json({"change_id": receipt.change_id, "at": receipt.at, "undone": change_id})
    say(f"change {change_id} is taken back by change {receipt.change_id}")
