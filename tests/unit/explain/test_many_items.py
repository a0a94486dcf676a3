"""A decision over thousands of items is explained at once: some of them, and the rest counted."""

from __future__ import annotations

import re
import time
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from tests.small import FIRM, ON, amount, book, entry, when

from incentives.explain.decision import explain_decision
from incentives.explain.replay import MOST_ITEMS
from incentives.explain.text import render_text

if TYPE_CHECKING:
    from incentives.api import Decision

BODY = (
    entry(each='"contract"')
    + when("contract.ok")
    + amount(base="contract.paid", rate="10%", cap="3万元")
    + '[[incentive.reading]]\nid = "wide"\nsays = { zh = "宽", en = "Wide" }\n'
    "[[incentive.reading.condition]]\nid = \"signed\"\nwhen = 'contract.score > 0'\n"
    'says = { zh = "有分", en = "Scored" }\n'
)


def contracts(count: int) -> list[dict[str, Any]]:
    """Return items of which every seventh is refused and every ninth open."""
    return [
        {"no": f"N{at}", "paid": f"{at % 40 + 1}万元", "ok": bool(at % 7)}
        if at % 9
        else {"no": f"N{at}", "paid": "1万元"}
        for at in range(count)
    ]  # fmt: skip


def decision(count: int) -> Decision:
    data = {"applicant": FIRM, "contract": contracts(count)}
    found: Decision = book(BODY).assess(data, ON)["doc/award"]
    return found


def test_up_to_the_limit_every_item_is_explained() -> None:
    text = decision(MOST_ITEMS).explain("zh")
    assert text.count("✓ 合同 N") + text.count("✗ 合同 N") + text.count("? 合同 N") == MOST_ITEMS
    assert "没有逐项列出" not in text


def test_beyond_it_the_rest_is_counted_added_up_and_those_refused_are_named() -> None:
    count = 1_000
    found = decision(count)
    rest = found.items[MOST_ITEMS:]
    for lang in ("zh", "en"):
        text = re.sub(r"\s*\n\s*", " ", found.explain(lang))
        assert f"N{MOST_ITEMS - 1} " in text
        assert "800" in text
        for status in ("eligible", "ineligible", "undetermined"):
            mine = [item for item in rest if item.status == status]
            assert mine
            assert f"{len(mine)}项" in text or f": {len(mine)}" in text
    refused = next(item.key for item in rest if item.status == "ineligible")
    assert refused in text


def test_the_figures_still_add_up() -> None:
    text = re.sub(r"\s*\n\s*", " ", decision(1_000).explain("zh"))
    figures = r"（?([0-9,.]+)元(?:至([0-9,.]+)元)?）?"
    match = re.search(rf"合计（所列200项与其余800项）：{figures} \+ {figures} = {figures}", text)
    assert match is not None, text[-1500:]
    low = [Fraction(match[at].replace(",", "")) for at in (1, 3, 5)]
    high = [Fraction((match[at + 1] or match[at]).replace(",", "")) for at in (1, 3, 5)]
    assert low[0] + low[1] == low[2]
    assert high[0] + high[1] == high[2]


def test_ten_thousand_items_are_explained_in_seconds() -> None:
    """Two seconds of the processor, of which most decide the readings; a slow day has six."""
    found = decision(10_000)
    assert found.status == "eligible"
    began = time.process_time()
    render_text(explain_decision(found), "zh")
    render_text(explain_decision(found, full=True), "en")
    assert time.process_time() - began < 6
