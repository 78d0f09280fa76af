"""Where the files that come with the package lie: the checkout's ``data/``, or the wheel's copy."""

from __future__ import annotations

from pathlib import Path
from typing import Final

_PACKAGE: Final = Path(__file__).resolve().parent


def data_folder() -> Path:
    """Folder that holds ``factors/``, ``vocabulary/`` and ``zhejiang/``.

    Returns:
        The wheel's own copy when the package was installed from one, else the checkout's ``data/``.

    Raises:
        FileNotFoundError: If neither is there (a damaged installation).
    """
    for candidate in (_PACKAGE / "data", _PACKAGE.parents[1] / "data"):
        if (candidate / "vocabulary").is_dir():
            return candidate
    raise FileNotFoundError(f"no data folder beside {_PACKAGE}: the installation is damaged")


def app_folder() -> Path:
    """Folder of the dashboard's entry file ``server.py``.

    Raises:
        FileNotFoundError: If it is not there (a damaged installation).
    """
    for candidate in (_PACKAGE / "data" / "app", _PACKAGE.parents[1] / "app"):
        if (candidate / "server.py").is_file():
            return candidate
    raise FileNotFoundError(f"no dashboard beside {_PACKAGE}: the installation is damaged")
