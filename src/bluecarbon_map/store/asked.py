"""Answers that hold for a while in one thread, so that a database is not asked again and again."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

Answer = TypeVar("Answer")


class Asked:
    """What a store has said to a thread that asked it to be steady."""

    def __init__(self) -> None:
        self._here = threading.local()

    @contextmanager
    def steady(self) -> Iterator[None]:
        """Keep answers within it; one inside another ends with the outer one."""
        outer = self._answers
        self._here.answers = {} if outer is None else outer
        try:
            yield
        finally:
            self._here.answers = outer

    def once(self, question: str, ask: Callable[[], Answer]) -> Answer:
        """The answer to a question, asked anew where none is kept."""
        answers = self._answers
        if answers is None:
            return ask()
        if question not in answers:
            answers[question] = ask()
        answer: Answer = answers[question]
        return answer

    @contextmanager
    def anew(self) -> Iterator[None]:
        """Around a write: after it nothing is kept, so that its writer sees it."""
        try:
            yield
        finally:
            if self._answers is not None:
                self._answers.clear()

    @property
    def _answers(self) -> dict[str, Any] | None:
        return getattr(self._here, "answers", None)
