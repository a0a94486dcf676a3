"""The contract of ``check``'s JSON, ``incentives/assessment/1``, as a JSON Schema.

Written by hand from the contract and not from the code that makes the JSON:
the two check each other. Keys may be added, so tables are open; no key may
change or go.
"""

from __future__ import annotations

from typing import Any, Final

from incentives.engine.outcome import Status
from incentives.rulebook.model import Entitlement, GroupRule, Kind, LegalStatus

Schema = dict[str, Any]

REASONS: Final = (
    "period", "draft", "historical", "jurisdiction", "recipient", "superseded", "exploratory",
    "by_reference",
)  # fmt: skip


def _about(zh: str, en: str, **rest: Any) -> Schema:
    return {"description": f"{zh}\n{en}", **rest}


def _ref(name: str) -> Schema:
    return {"$ref": f"#/$defs/{name}"}


def _or_null(schema: Schema) -> Schema:
    return {"anyOf": [schema, {"type": "null"}]}


def _table(zh: str, en: str, /, **properties: Schema) -> Schema:
    """Return an open table all of whose listed keys are there."""
    keys = dict(properties)
    return _about(zh, en, type="object", properties=keys, required=list(keys))


def _list(of: Schema, zh: str, en: str) -> Schema:
    return _about(zh, en, type="array", items=of)


_STRING: Final[Schema] = {"type": "string"}
_PATHS: Final = ("事实路径", "Fact paths")


def output_schema() -> Schema:
    """Return the schema of an assessment."""
    table = _table(
        "一次审核的全部结论",
        "Every decision for one profile on one date",
        format=_about("格式版本", "The contract", const="incentives/assessment/1"),
        on=_about("审核日期", "The date of assessment", **_date()),
        known_on=_about(
            "以该日已公布的规定为准，null 为现有规定",
            "By the rules published by then; null: by the rules as they are",
            **_or_null(_date()),
        ),
        rulebook=_table(
            "所依据的规则",
            "The rules that were applied",
            digest=_about("规则含义的摘要", "What the rules mean", pattern="^sha256:[0-9a-f]{64}$"),
            documents=_list(_STRING, "文件", "Documents by id"),
        ),
        applicant=_table(
            "申报主体",
            "The applicant, as far as stated",
            name={"type": ["string", "null"]},
            kind={"type": ["string", "null"]},
            region={"type": ["string", "null"]},
        ),
        decisions=_list(_ref("decision"), "各项结论，按编号排列", "Decisions, by id"),
        totals=_totals(),
        assumptions=_list(_ref("note"), "所作的假定", "What is taken for granted"),
        warnings=_list(_ref("warning"), "提示", "What was odd about the profile"),
    )
    return {"title": "assessment", **_explained(table), "$defs": _definitions()}


def _explained(table: Schema) -> Schema:
    """Return a table that may also carry its explanation."""
    return {**table, "properties": {**table["properties"], "explanation": _ref("explanation")}}


def _totals() -> Schema:
    return _table(
        "合计：应得与上限分列，草案不计",
        "Totals: entitlements and ceilings apart, drafts left out",
        exact=_about("应得合计", "Entitlements", **_or_null(_ref("money"))),
        range=_ref("range"),
        ceiling=_about(
            "此外由支付方酌定的上限，null 为无上限",
            "At most this much more, at the payer's discretion; null: no bound",
            **_or_null(_ref("money")),
        ),
    )


def _definitions() -> Schema:
    return {
        "money": _about(
            "金额：元，两位小数", "Yuan with two decimals", **_text(r"^-?[0-9]+\.[0-9]{2}$")
        ),
        "texts": _table("中文和英文", "Chinese and English", zh=_STRING, en=_STRING),
        "range": _table(
            "范围：high 为 null 表示没有上限",
            "A range; `high` is null without an upper bound",
            low=_ref("money"),
            high=_or_null(_ref("money")),
        ),
        "status": _about("结论", "The answer", enum=[str(word) for word in Status]),
        "note": _table(
            "说明",
            "What the text leaves open, and how it was taken",
            about=_STRING,
            says=_ref("texts"),
            confidence={"enum": ["high", "medium", "low", None]},
        ),
        "warning": _table("提示", "A finding about the profile", code=_STRING, says=_ref("texts")),
        "finding": _table(
            "未能算出之处", "A computation that failed", code=_STRING, says=_ref("texts")
        ),
        "condition": _condition(),
        "item": _item(),
        "reading": _reading(),
        "group": _group(),
        "decision": _explained(_decision()),
        "explanation": _explanation(),
        "line": _line(),
    }


def _text(pattern: str) -> Schema:
    return {"type": "string", "pattern": pattern}


def _date() -> Schema:
    return _text(r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$")


def _condition() -> Schema:
    return _table(
        "一个条件及其结果",
        "A condition and its outcome",
        id=_STRING,
        outcome={"enum": ["met", "failed", "unknown"]},
        says=_ref("texts"),
        of=_list(_ref("condition"), "所含的各部分", "The parts of `any` and `all`"),
    )


def _answer() -> dict[str, Schema]:
    """Return the keys that a decision and an item share."""
    return {
        "status": _ref("status"),
        "amount": _about(
            "金额：不确定或没有金额时为 null",
            "Null where no single amount is known or there is none",
            **_or_null(_ref("money")),
        ),
        "range": _or_null(_ref("range")),
        "failed": _list(_STRING, "未满足的条件", "Ids of the conditions that failed"),
        "missing": _list(_STRING, *_PATHS),
        "clause": _STRING,
    }


def _item() -> Schema:
    return _table(
        "一个项目的结论；金额为合计封顶之前的",
        "The answer for one item, before a cap over items",
        key=_STRING,
        **_answer(),
    )


def _reading() -> Schema:
    return _table(
        "一种读法的结论，在分组和合计之前",
        "What one reading gives, before groups and totals",
        id=_STRING,
        default={"type": "boolean"},
        status=_ref("status"),
        amount=_or_null(_ref("money")),
    )


def _group() -> Schema:
    return _table(
        "分组规则对本项的改变",
        "What a group changed",
        id=_STRING,
        rule={"enum": [str(word) for word in GroupRule]},
        before=_or_null(_ref("money")),
        taken={"type": ["boolean", "null"]},
    )


def _explanation() -> Schema:
    return _table(
        "供人阅读的说明，命令行才有",
        "What the text and the page say; only from the command line",
        headline=_ref("texts"),
        tone=_STRING,
        blocks=_list(
            _table(
                "一节",
                "Lines under a title",
                part=_STRING,
                title=_or_null(_ref("texts")),
                lines=_list(_ref("line"), "各行", "Lines"),
            ),
            "各节",
            "Blocks",
        ),
    )


def _line() -> Schema:
    return _table(
        "一行",
        "A sentence, a figure beside it, and what stands below it",
        says=_ref("texts"),
        tone=_STRING,
        figure=_or_null(_ref("texts")),
        of=_list(_ref("line"), "下级各行", "Lines below"),
    )


def _decision() -> Schema:
    yuan = _or_null(_ref("money"))
    return _table(
        "一项政策的结论",
        "The decision about one incentive",
        incentive=_about("文件/条目", "document/incentive", type="string"),
        name=_ref("texts"),
        kind={"enum": [str(word) for word in Kind]},
        entitlement={"enum": [str(word) for word in Entitlement]},
        reason=_about("不适用的原因", "Why it is not applicable", enum=[*REASONS, None]),
        items=_list(_ref("item"), "逐项结论", "Item by item"),
        conditions=_list(_ref("condition"), "全部条件", "Every condition"),
        findings=_list(_ref("finding"), "未能算出之处", "Computations that failed"),
        paid_to=_or_null(_ref("texts")),
        instalments=_list(
            _table("一期", "A part of the payment", amount=yuan), "分期", "Instalments"
        ),
        overpaid=_about("多领的金额", "How much more was received than is due", **yuan),
        funding=_list(
            _table("一个出资方", "One payer", payer={"type": ["string", "null"]}, amount=yuan),
            "由谁出资",
            "Who pays how much",
        ),
        readings=_list(_ref("reading"), "各种读法", "The readings of the text"),
        notes=_list(_ref("note"), "说明", "Notes"),
        group=_or_null(_ref("group")),
        quote={"type": ["string", "null"]},
        legal_status={"enum": [str(word) for word in LegalStatus]},
        **_answer(),
    )
