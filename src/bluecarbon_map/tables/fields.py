"""One column of a contract: its description, its unit, its checks."""

from __future__ import annotations

from typing import Any

import pandera.pandas as pa


def field(description: str, unit: str | None = None, **checks: Any) -> Any:  # noqa: ANN401
    """A column with its description and unit; ``checks`` are pandera's."""
    return pa.Field(description=description, metadata={"unit": unit}, **checks)
