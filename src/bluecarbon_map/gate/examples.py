"""The filled example of a template, which is never taken for a record."""

from __future__ import annotations

from typing import Final

EXAMPLE: Final = "示例 EXAMPLE"
"""The id of an example begins so."""


def is_example(value: object) -> bool:
    """Whether the id of a row says that it is the example of a template."""
    return isinstance(value, str) and value.lstrip().startswith(EXAMPLE)
