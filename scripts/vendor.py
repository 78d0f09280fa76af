"""Fetch the browser assets the dashboard serves itself, by npm package name and exact version.

Run it only to change a version: ``python scripts/vendor.py``. It needs npm; the files it writes
are part of the repository, so neither building nor running the project needs a network.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final

VENDOR: Final = Path(__file__).resolve().parents[1] / "app" / "static" / "vendor"


@dataclass(frozen=True, slots=True)
class Asset:
    """Files of one npm package that are kept.

    Attributes:
        package: Name and version.
        licence: SPDX name of its licence.
        folder: Folder under ``app/static/vendor``.
        files: Path in the package and the name it gets here.
    """

    package: str
    licence: str
    folder: str
    files: tuple[tuple[str, str], ...]


ASSETS: Final = (
    Asset(
        "leaflet@1.9.3",
        "BSD-2-Clause",
        "leaflet",
        (
            ("dist/leaflet.js", "leaflet.js"),
            ("dist/leaflet.css", "leaflet.css"),
            ("LICENSE", "LICENSE"),
        ),
    ),
    Asset(
        "maplibre-gl@5.24.0",
        "BSD-3-Clause",
        "maplibre",
        (
            ("dist/maplibre-gl.js", "maplibre-gl.js"),
            ("LICENSE.txt", "LICENSE.txt"),
        ),
    ),
    Asset(
        "@fontsource/noto-sans-sc@5.3.0",
        "OFL-1.1",
        "fonts",
        (
            (
                "files/noto-sans-sc-chinese-simplified-400-normal.woff2",
                "noto-sans-sc-400.woff2",
            ),
            ("LICENSE", "LICENSE"),
        ),
    ),
)

_SOURCE_MAP: Final = b"sourceMappingURL="


def _without_source_map(content: bytes) -> bytes:
    """A browser's developer tools would ask for a map that is not kept here."""
    lines = content.split(b"\n")
    return b"\n".join(line for line in lines if _SOURCE_MAP not in line[:60])


def fetch(asset: Asset, workspace: Path) -> list[tuple[str, str]]:
    """Fetch one package and keep its listed files.

    Returns:
        Name under ``app/static/vendor`` and SHA-256 of each file.
    """
    npm = shutil.which("npm")
    if npm is None:
        raise SystemExit("npm is needed to fetch packages; the files here are usable without it")
    packed = subprocess.run(  # noqa: S603
        [npm, "pack", "--silent", asset.package],
        cwd=workspace,
        capture_output=True,
        text=True,
        check=True,
    )
    written = []
    with tarfile.open(workspace / packed.stdout.split()[-1]) as archive:
        for inside, name in asset.files:
            member = archive.extractfile(f"package/{inside}")
            if member is None:
                raise SystemExit(f"{asset.package} holds no {inside}")
            content = _without_source_map(member.read()) if name.endswith("js") else member.read()
            target = VENDOR / asset.folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
            written.append((f"{asset.folder}/{name}", hashlib.sha256(content).hexdigest()))
    return written


def main() -> None:
    """Fetch everything and rewrite the list."""
    lines = [
        "# Browser assets served by the dashboard itself",
        "",
        "Unchanged files of npm packages, except that source-map comments are taken out of the",
        "scripts. Fetched by `python scripts/vendor.py`; a test compares the checksums.",
        "",
        "| file | package | licence | sha256 |",
        "|---|---|---|---|",
    ]
    with tempfile.TemporaryDirectory() as folder:
        for asset in ASSETS:
            for name, digest in fetch(asset, Path(folder)):
                lines.append(f"| {name} | {asset.package} | {asset.licence} | `{digest}` |")
    (VENDOR / "README.md").write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
