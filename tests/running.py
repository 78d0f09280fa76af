"""How the tests run: in which order, on how many cores, and what is said of those skipped."""

from __future__ import annotations

import os
from typing import Any

import pytest

REQUIRED = "BLUECARBON_REQUIRE"
"""Names, by commas, of what must be there: ``browser,postgres``. Its tests then fail, not skip."""

_CLOSING = pytest.StashKey[str]()


def _reason(report: pytest.TestReport) -> str:
    said = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
    return said.removeprefix("Skipped: ")


def _required(item: pytest.Item, reason: str) -> list[str]:
    names = filter(None, os.environ.get(REQUIRED, "").split(","))
    return [name for name in names if item.get_closest_marker(name) or name in reason.lower()]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Any:
    """A test that is skipped for want of what must be there fails."""
    report = yield
    if report.skipped and not hasattr(report, "wasxfail"):
        reason = _reason(report)
        if missing := _required(item, reason):
            report.outcome = "failed"
            report.longrepr = f"{', '.join(missing)} must be there ({REQUIRED}): {reason}"
    return report


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """First what takes longest, so that no core waits at the end."""
    items.sort(key=lambda item: item.get_closest_marker("browser") is None)


def scope(nodeid: str) -> str:
    """What stays on one core: a file, whose fixtures are made once."""
    return nodeid.partition("::")[0]


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Deal out by scope, in the order above."""
    from xdist.scheduler import LoadScopeScheduling

    class ByScope(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return scope(nodeid)

    config.option.loadscopereorder = False
    return ByScope(config, log)


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """One closing line that names every skipped test and why; no test is skipped in silence."""
    skipped = [
        f"{report.nodeid}: {_reason(report)}"
        for report in terminalreporter.stats.get("skipped", [])
    ]
    line = f"skipped {len(skipped)}: {'; '.join(skipped)}" if skipped else "nothing was skipped"
    terminalreporter.config.stash[_CLOSING] = line


def pytest_unconfigure(config: pytest.Config) -> None:
    """Print it last, after pytest's own summary."""
    line = config.stash.get(_CLOSING, None)
    if line is not None:
        print(line)  # noqa: T201
