"""导入: one file, step by step, from the office's folder into the workspace."""

from __future__ import annotations

from typing import Final

from ui import (
    editing,
    editor,
    elements,
    import_check,
    import_file,
    import_preview,
    import_state,
    import_words,
)
from ui.import_state import Step


def show() -> None:
    """The step the import is at; without the right to write the templates alone."""
    if not editing.allowed():
        elements.show(import_words.step_line(Step.FILE))
        editor.closed()
        import_file.show(may_write=False)
        return
    draft = import_state.draft()
    if draft is not None:
        import_check.settle(draft)
    _told()
    step = Step.FILE if draft is None else draft.step
    elements.show(import_words.step_line(step))
    if draft is None:
        editor.where()
        import_file.show(may_write=True)
    elif draft.job is not None:
        import_check.progress()
    else:
        _STEPS[step](draft)


_STEPS: Final = {
    Step.COLUMNS: import_check.show,
    Step.CHECK: import_check.show,
    Step.PREVIEW: import_preview.show,
    Step.DONE: import_preview.done,
}


def _told() -> None:
    last = import_state.last_said()
    if last is not None:
        editor.say(last[0], *last[1])
