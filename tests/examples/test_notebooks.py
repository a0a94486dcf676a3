"""The notebooks run from top to bottom, and say what they promise.

They are kept without outputs. All run in one kernel, emptied between them: a kernel
takes longer to start than a notebook to run.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

import nbformat
import pytest
from nbclient import NotebookClient
from tests.unit.explain.rendered import Page

REPOSITORY: Final = Path(__file__).resolve().parents[2]
NOTEBOOKS: Final = sorted((REPOSITORY / "examples" / "notebooks").glob("*.ipynb"))
PROMISED: Final = {
    "firm": [
        "581,000.00元",
        "536,000.00元",
        "268,000.00元",
        "宁科贷申请条件：符合条件",
        "45000.00",
    ],
    "official": ["110,000.00元", "333,456.79元", "200,000.00元  →  250,000.00元", "不符"],
    "auditor": ["88,000.00元", "123,456.79元", "reproduced", "different", "不在执行期内"],
    "author": ["E220", "18,765.00元", "500,000.00元", "3 of 3 pass", "21,111.00元"],
}


def test_there_are_four() -> None:
    assert {path.stem for path in NOTEBOOKS} == set(PROMISED)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_is_kept_clean(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    nbformat.validate(nbformat.reads(text, 4))
    for cell in json.loads(text)["cells"]:
        assert cell.get("outputs", []) == []
        assert cell.get("execution_count") is None
        assert set(cell["metadata"]) == set()


def words_of(cell: Any) -> str:
    """Return what a reader sees below a cell."""
    shown = []
    for output in cell.get("outputs", ()):
        shown.append(output.get("text", ""))
        data = output.get("data", {})
        shown.append(data.get("text/plain", ""))
        shown.append(Page(data.get("text/html", "")).words)
    return "\n".join(shown)


def test_every_notebook_runs_and_says_what_it_promises() -> None:
    chained = nbformat.v4.new_notebook()
    for path in NOTEBOOKS:
        chained.cells += nbformat.reads(path.read_text(encoding="utf-8"), 4).cells
        chained.cells.append(nbformat.v4.new_code_cell("%reset -f"))
    place = {"metadata": {"path": str(REPOSITORY)}}
    NotebookClient(chained, timeout=120, kernel_name="python3", resources=place).execute()

    for name, promises in PROMISED.items():
        cells = [cell for cell in chained.cells if cell["id"].startswith(f"{name}-")]
        words = "\n".join(map(words_of, cells))
        for promised in promises:
            assert promised in words, f"{name}: {promised}"
        assert any("text/html" in str(cell.get("outputs")) for cell in cells), name
