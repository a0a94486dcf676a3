"""Small rulebooks as text: one vocabulary, one document, one incentive, and what a test adds."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any

from incentives.api import Rulebook
from incentives.diagnostics import Finding, RulebookError, Source, render
from incentives.rulebook.load import build_rules

if TYPE_CHECKING:
    from collections.abc import Mapping

    from incentives.rulebook.model import Rules

ON = date(2024, 6, 1)
VOCABULARY = """\
format = 1
[entity.applicant]
label = { zh = "申报主体", en = "Applicant" }
[entity.contract]
label = { zh = "合同", en = "Contract" }
many = true
key = "no"
[fact.applicant]
kind = { type = "choice", label = { zh = "类型" }, choices = { firm = { zh = "企业" }, centre = { zh = "中心" }, other = { zh = "其他" } } }
name = { type = "text", label = { zh = "名称" } }
region = { type = "region", label = { zh = "地区" } }
industry = { type = "industry", label = { zh = "行业" } }
small = { type = "bool", label = { zh = "小微" } }
honest = { type = "bool", label = { zh = "诚信" } }
staff = { type = "count", label = { zh = "人数" } }
share = { type = "ratio", label = { zh = "占比" } }
spend = { type = "money", label = { zh = "支出" } }
balance = { type = "money", label = { zh = "余额" }, signed = true }
revenue = { type = "money", label = { zh = "收入" }, per = "year" }
founded_on = { type = "date", label = { zh = "成立" } }
[fact.contract]
no = { type = "text", label = { zh = "编号" } }
paid = { type = "money", label = { zh = "金额" } }
ok = { type = "bool", label = { zh = "合格" } }
signed_on = { type = "date", label = { zh = "签订" } }
result = { type = "text", label = { zh = "成果" } }
score = { type = "count", label = { zh = "得分" }, min = 0, max = 40 }
"""
HEAD = """\
format = 1
[document]
id = "doc"
title = { zh = "文件", en = "Document" }
issuer = { zh = "某市", en = "City" }
jurisdiction = "640200"
legal_status = "in_force"
effective = { from = 2020-01-01, until = 2029-12-31 }
rounding = { to = "0.01元", mode = "half_up", basis = "stated", clause = "一" }
"""
ENTRY = """\
[[incentive]]
id = "award"
name = { zh = "奖励", en = "Award" }
kind = "award"
recipient = ["firm"]
clause = "二"
entitlement = "exact"
"""
FIRM: dict[str, Any] = {"kind": "firm", "region": "640200"}


def entry(id: str = "award", **keys: str) -> str:
    """Return an incentive's head; ``keys`` are written as they are, ``None``-like ones dropped."""
    values = {
        "id": f'"{id}"', "name": '{ zh = "奖励", en = "Award" }', "kind": '"award"',
        "recipient": '["firm"]', "clause": '"二"', "entitlement": '"exact"', **keys,
    }  # fmt: skip
    lines = [f"{key} = {value}" for key, value in values.items() if value]
    return "\n".join(["[[incentive]]", *lines, ""])


def when(test: str, id: str = "c", key: str = "when") -> str:
    """Return a condition."""
    says = 'says = { zh = "条件", en = "Condition" }'
    return f"[[incentive.condition]]\nid = \"{id}\"\n{key} = '{test}'\n{says}\n"


def amount(**keys: str) -> str:
    """Return an amount; each value is written as a literal string."""
    return "[incentive.amount]\n" + "".join(f"{k} = '{v}'\n" for k, v in keys.items())


def parameters(**values: str) -> str:
    """Return the parameters of an incentive, each value as it is to be written."""
    return "[incentive.parameters]\n" + "".join(f"{k} = {v}\n" for k, v in values.items())


def rules(body: str, *, head: str = HEAD, vocabulary: str = VOCABULARY, more: str = "") -> Rules:
    """Load one document with one vocabulary; ``more`` is a second document."""
    sources = [Source("vocabulary.toml", vocabulary), Source("a.toml", head + body)]
    return build_rules([*sources, Source("b.toml", more)] if more else sources)


@cache
def book(body: str, *, head: str = HEAD, vocabulary: str = VOCABULARY, more: str = "") -> Rulebook:
    """Return the rulebook of ``rules``, made once."""
    return Rulebook(rules(body, head=head, vocabulary=vocabulary, more=more))


def faults(body: str, **keys: str) -> tuple[Finding, ...]:
    """Return the findings that ``rules`` ends with; none when it loads."""
    try:
        rules(body, **keys)
    except RulebookError as found:
        return found.findings
    return ()


def error(body: str, **keys: str) -> str:
    """Return the whole rendered text of the one error that loading ends with."""
    return "\n\n".join(map(render, faults(body, **keys))) or "(it loads)"


def assess(body: str, facts: Mapping[str, Any] | None = None, on: date = ON, **keys: Any) -> Any:
    """Assess a profile; ``facts`` are the applicant's unless they name entities.

    ``Any``: a test looks at an amount without asking first whether there is one.
    """
    options = {key: keys.pop(key) for key in ("head", "vocabulary", "more") if key in keys}
    return book(body, **options).assess(profile(facts), on, **keys)


def profile(facts: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Return a profile of a firm in place; ``contract`` and the like stand beside its facts."""
    found = dict(facts or {})
    lists: dict[str, Any] = {
        name: found.pop(name) for name in ("contract", "received", "decided") if name in found
    }
    return {"applicant": {**FIRM, **found}, **lists}


def decide(body: str, facts: Mapping[str, Any] | None = None, on: date = ON, **keys: Any) -> Any:
    """Return the decision about ``doc/award``."""
    return assess(body, facts, on, **keys)["doc/award"]
