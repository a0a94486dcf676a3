"""Incentives as text: a table of them by document, and everything about one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import typer

from incentives.cli.tables import print_fields, print_table, print_wrapped
from incentives.explain import words

if TYPE_CHECKING:
    from incentives.cli.frame import Frame
    from incentives.rulebook.model import Rules

KIND: Final = {
    "award": ("奖励", "award"),
    "subsidy": ("补助", "subsidy"),
    "matching": ("配套", "matching"),
    "voucher": ("券", "voucher"),
    "tax_relief": ("税收减免", "tax relief"),
    "deduction": ("扣除", "deduction"),
    "credit": ("额度", "credit"),
    "loan": ("贷款", "loan"),
    "insurance": ("保险", "insurance"),
    "treatment": ("待遇", "treatment"),
    "priority": ("优先", "priority"),
    "service": ("服务", "service"),
}
FIGURE: Final = {
    "exact": ("按标准", "fixed"),
    "up_to": ("最高", "up to"),
    "case_by_case": ("一事一议", "case by case"),
    "by_reference": ("另行规定", "elsewhere"),
    "none": ("无金额", "no amount"),
    "exploratory": ("探索", "explored"),
}
PER: Final = {
    "year": ("每年", "a year"),
    "lifetime": ("终身", "lifetime"),
    "item": ("每一项", "an item"),
}
PART: Final = {
    "fixed": ("定额", "fixed"),
    "base": ("基数", "base"),
    "rate": ("比例", "rate"),
    "band": ("分档", "bands"),
    "table": ("分类", "table"),
    "formula": ("算式", "formula"),
    "floor": ("不低于", "floor"),
    "cap": ("上限", "cap"),
    "less": ("扣减", "less"),
    "minimum": ("起付", "minimum"),
}


def print_rows(rows: list[dict[str, Any]], rules: Rules, frame: Frame) -> None:
    """Print one table for each document, with a line above that says what it is."""
    say = frame.say
    heads = [say("编号", "Id"), say("名称", "Name"), say("类型", "Kind"), say("金额", "Amount")]
    for at, name in enumerate(dict.fromkeys(row["document"] for row in rows)):
        document = rules.documents[name]
        region = rules.vocabulary.regions.get(document.jurisdiction)
        if at:
            typer.echo()
        status = words.LEGAL_STATUS[document.legal_status].get(frame.lang)
        where = document.jurisdiction if region is None else region.name.get(frame.lang)
        print_wrapped(f"{name}  {where} · {status} · {_period(_dates(document.effective), frame)}")
        print_wrapped(document.title.get(frame.lang))
        print_table(heads, (_cells(row, frame) for row in rows if row["document"] == name))


def _cells(row: dict[str, Any], frame: Frame) -> list[str]:
    return [
        row["incentive"].partition("/")[2],
        text(row["name"], frame),
        frame.say(*KIND[row["kind"]]),
        frame.say(*FIGURE[row["entitlement"]]),
    ]


def text(both: dict[str, str | None] | None, frame: Frame) -> str:
    """Return a text in the language of this run."""
    if both is None:
        return ""
    return both["en"] if frame.lang == "en" and both["en"] else both["zh"] or ""


def print_overview(data: dict[str, Any], frame: Frame) -> None:
    """Print everything about one incentive."""
    typer.echo(f"{text(data['name'], frame)}  {data['incentive']}")
    versions = data["versions"]
    if len(versions) == 1:
        print_fields([*_head(data, frame), *_version_fields(versions[0], frame)])
    else:
        print_fields(_head(data, frame))
    for version in versions:
        if len(versions) > 1:
            _title(_period(version["effective"], frame))
            print_fields(_version_fields(version, frame))
        _print_version(data, version, frame)
    say = frame.say
    if data["readings"]:
        _title(frame.say("对原文的不同理解", "Readings"))
        print_fields(
            (_reading_label(item, frame), text(item["says"], frame)) for item in data["readings"]
        )
    if data["cases"]:
        _title(frame.say("算例", "Cases"))
        for case in data["cases"]:
            shown = ", ".join(f"{key} = {_shown(value)}" for key, value in case["expect"].items())
            reading = _aside(
                case["reading"] and f"{say('理解', 'reading')} {case['reading']}", frame
            )
            print_wrapped(f"{case['on']}  {case['name']}{reading}", "  ", "    ")
            print_wrapped(shown, "    → ", "      ")


def _head(data: dict[str, Any], frame: Frame) -> list[tuple[str, str]]:
    say, lang = frame.say, frame.lang
    status = words.LEGAL_STATUS[data["legal_status"]].get(lang)
    region = f"{text(data['region'], frame)} {data['jurisdiction']}".strip()
    recipients = [text(data["recipients"].get(word), frame) or word for word in data["recipient"]]
    entitlement = words.ENTITLEMENT[data["entitlement"]].get(lang)
    return [
        (say("类型", "Kind"), f"{say(*KIND[data['kind']])} · {entitlement}"),
        (say("对象", "For"), say("、", ", ").join(recipients)),
        (say("地区", "Where"), region),
        (
            say("文件", "Document"),
            f"{text(data['title'], frame)} · {text(data['issuer'], frame)} · {status}",
        ),
        (say("期限", "Period"), _period(data["effective"], frame)),
        (say("原文文件", "Source"), data["source"].get("name", "")),
        (say("逐项评估", "Each"), data["each"] or ""),
        (say("取决于", "Depends on"), ", ".join(data["depends_on"])),
        (say("组合", "Groups"), ", ".join(data["groups"])),
        (say("分担", "Splits"), ", ".join(data["splits"])),
    ]


def _version_fields(version: dict[str, Any], frame: Frame) -> list[tuple[str, str | None]]:
    say = frame.say
    return [
        (say("条款", "Clause"), version["clause"]),
        (say("原文", "Quote"), f"“{version['quote']}”" if version["quote"] else ""),
        (say("摘要", "Summary"), text(version["summary"], frame)),
        (say("支付给", "Paid to"), text(version["paid_to"], frame)),
        (say("另见", "See"), text(version["refers_to"], frame)),
        (say("申请", "Apply"), text(version["apply"], frame)),
        (say("限领", "Once"), _per(version["once"], frame)),
        (say("适用日", "Dated by"), version["dated_by"]),
        (say("取代", "Replaces"), ", ".join(version["overrides"])),
        (say("位置", "Place"), version["place"]),
        (say("步数上限", "Steps"), version["steps"]),
    ]


def _print_version(data: dict[str, Any], version: dict[str, Any], frame: Frame) -> None:
    say = frame.say
    if version["conditions"]:
        _title(frame.say("条件", "Conditions"))
        for condition in version["conditions"]:
            _print_condition(condition, frame, "  ")
    if version["amount"]:
        _title(frame.say("金额", "Amount"))
        print_fields(
            [(say(*PART[part["part"]]), _part(part, frame)) for part in version["amount"]]
            + _limits(version, frame)
        )
    if version["parameters"]:
        _title(frame.say("标准", "Parameters"))
        own = data["incentive"].partition("/")[2] + ".parameters."
        print_fields(
            (item["name"].removeprefix(own).removeprefix("parameters."), _values(item, frame))
            for item in version["parameters"]
        )
    if version["notes"]:
        _title(frame.say("说明", "Notes"))
        for note in version["notes"]:
            says = f"[{note['about']}] {text(note['says'], frame)}{_confidence(note, frame)}"
            print_wrapped(says, "  ", "    ")


def _part(part: dict[str, Any], frame: Frame) -> str:
    """Return one part of an amount; the rows of a table a line each: what it is, when, how much."""
    out = []
    for row in part.get("rows") or ():
        when = row["when"] or frame.say("其余", "otherwise")
        more = ""
        if row["entitlement"]:
            more = _aside(words.ENTITLEMENT[row["entitlement"]].get(frame.lang), frame)
        if row["at_least"]:
            least = frame.say("，不少于 ", ", at least ")
            more = f"{least}{row['at_least']}{more}"
        out += [text(row["says"], frame), f"  {when} → {row['amount']}{more}"]
    return "\n".join(out) or str(part["is"])


def _per(word: str | None, frame: Frame) -> str | None:
    return None if word is None else frame.say(*PER[word])


def _limits(version: dict[str, Any], frame: Frame) -> list[tuple[str, str]]:
    say, out = frame.say, []
    for total in version["totals"]:
        words_of = [_per(total["per"], frame)]
        if total["by"]:
            words_of.append(say(f"按 {total['by']} 分别计", f"for each {total['by']}"))
        per = _aside(say("，", ", ").join(word for word in words_of if word), frame)
        out.append((say("合计上限", "Total cap"), f"{total['cap']}{per}"))
    rounding = version["rounding"]
    if rounding is not None:
        mode = words.ROUNDING[rounding["mode"]].get(frame.lang)
        basis = (
            say("原文未载明", "assumed")
            if rounding["basis"] == "assumed"
            else rounding["clause"] or ""
        )
        out.append(
            (
                say("取整", "Rounding"),
                f"{mode} → {rounding['to']}" + _aside(basis, frame),
            )
        )
    return out


def _print_condition(condition: dict[str, Any], frame: Frame, indent: str) -> None:
    clause = _aside(condition["clause"], frame)
    least = condition["at_least"]
    of = frame.say(f"（至少{least}项）", f" (at least {least})") if least else ""
    says = f"[{condition['id']}] {text(condition['says'], frame)}{of}{clause}"
    print_wrapped(says, indent, indent + "    ")
    if condition["test"] and condition["test"] != text(condition["says"], frame):
        for line in condition["test"].splitlines():
            typer.echo(f"{indent}    {line.strip()}")
    for part in condition["of"]:
        _print_condition(part, frame, indent + "  ")


def _values(item: dict[str, Any], frame: Frame) -> str:
    clause = _aside(item["clause"], frame)
    lines = [
        text(value["value"], frame) + _aside(_span(value, frame), frame) for value in item["values"]
    ]
    return "\n".join(lines) + clause


def _reading_label(item: dict[str, Any], frame: Frame) -> str:
    mark = frame.say("（采用）", " (default)") if item["default"] else ""
    return f"{item['id']}{mark}{_confidence(item, frame)}"


def _confidence(item: dict[str, Any], frame: Frame) -> str:
    word = item["confidence"]
    if not word:
        return ""
    return _aside(words.CONFIDENCE[word].get(frame.lang), frame)


def _dates(period: Any) -> dict[str, str | None]:
    return {"from": _iso(period.since), "until": _iso(period.until)}


def _iso(day: Any) -> str | None:
    return None if day is None else day.isoformat()


def _period(period: dict[str, str | None], frame: Frame) -> str:
    since = period["from"] or frame.say("起始未载明", "begin not stated")
    until = period["until"] or frame.say("长期", "no end")
    return f"{since} — {until}"


def _span(dated: dict[str, Any], frame: Frame) -> str:
    """Return when a dated figure holds, nothing where it always does."""
    since, until = dated["from"], dated["until"]
    if since and until:
        return frame.say(f"{since}至{until}", f"{since} to {until}")
    if since:
        return frame.say(f"{since}起", f"from {since}")
    return frame.say(f"至{until}", f"until {until}") if until else ""


def _shown(value: Any) -> str:
    return (", ".join(value) or "[]") if isinstance(value, list) else str(value)


def _aside(text: str | None, frame: Frame) -> str:
    """Return a text in the brackets of the language, nothing where there is none."""
    return frame.say(f"（{text}）", f" ({text})") if text else ""


def _title(text: str) -> None:
    typer.echo(f"\n{text}")
