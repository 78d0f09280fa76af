"""Every notebook runs from top to bottom, and is kept without outputs."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
LONGEST_S = 120

each_notebook = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)


def test_there_is_a_notebook():
    assert [path.stem for path in NOTEBOOKS] == ["01_quickstart"]


@each_notebook
def test_a_notebook_runs_and_prints_no_warning(path: Path):
    book = nbformat.read(path, as_version=4)

    NotebookClient(
        book, timeout=LONGEST_S, kernel_name="python3", resources={"metadata": {"path": ROOT}}
    ).execute()

    outputs = [output for cell in code_cells(book) for output in cell.outputs]
    assert outputs
    assert [output.text for output in outputs if output.get("name") == "stderr"] == []


@each_notebook
def test_a_notebook_is_stored_without_outputs(path: Path):
    cells = code_cells(nbformat.read(path, as_version=4))

    assert [cell.outputs for cell in cells] == [[]] * len(cells)
    assert {cell.execution_count for cell in cells} == {None}


@each_notebook
def test_a_notebook_holds_no_logic(path: Path):
    source = "\n".join(cell.source for cell in code_cells(nbformat.read(path, as_version=4)))

    assert not {"def", "class", "for", "while", "if", "lambda"} & set(source.split())


def code_cells(book: nbformat.NotebookNode) -> list[nbformat.NotebookNode]:
    return [cell for cell in book.cells if cell.cell_type == "code"]
