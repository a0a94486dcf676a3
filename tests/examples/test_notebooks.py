"""The notebooks run from top to bottom, and say what they promise.

They are kept without outputs. Each runs in a shell of IPython, in this process: a
kernel takes longer to start, and may lose what a busy machine prints too late.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import nbformat
import pytest
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output
from tests.unit.explain.rendered import Page
from traitlets.config import Config

if TYPE_CHECKING:
    from collections.abc import Iterator

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


@pytest.fixture
def shell() -> Iterator[InteractiveShell]:
    config = Config()
    config.HistoryManager.enabled = False  # nothing is written beside the repository
    yield InteractiveShell.instance(config=config)
    InteractiveShell.clear_instance()


def run_notebook(path: Path, shell: Any) -> str:
    """Run the cells one after another; return what is printed and what the cards say."""
    shown = []
    cards = 0
    for cell in nbformat.reads(path.read_text(encoding="utf-8"), 4).cells:
        if cell.cell_type == "code":
            with capture_output() as captured:
                done = shell.run_cell(cell.source)
            done.raise_error()
            data, _ = shell.display_formatter.format(done.result)
            card = "" if done.result is None else data.get("text/html", "")
            shown += [captured.stdout, Page(card).words]
            cards += bool(card)
    assert cards
    return "\n".join(shown)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_runs_and_says_what_it_promises(
    path: Path, shell: InteractiveShell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(REPOSITORY)
    words = run_notebook(path, shell)
    for promised in PROMISED[path.stem]:
        assert promised in words, promised
