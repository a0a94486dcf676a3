"""What a column of a paid list can mean, and the headings that say so.

A heading is recognised when it *is* one of these words, spaces, line breaks and a
unit in brackets aside. Nothing is matched by likeness: 合同金额 is no 兑现金额, and a
heading that is not listed here is named in the report or declared with ``--map``.

The trap: 金额 alone is taken for the amount paid; 申报金额, 核定金额 and the like never
are, because an auditor compares what was paid, not what was asked for.
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Final

from incentives.language.core import Text
from incentives.rulebook import headings
from incentives.rulebook.headings import Heading


class Field(StrEnum):
    """What a column holds."""

    NAME = "name"
    CODE = "code"
    POLICY = "policy"
    AMOUNT = "amount"
    ITEM = "item"
    DECIDED_ON = "decided_on"
    PAID_ON = "paid_on"
    YEAR = "year"
    IGNORE = "ignore"


LABELS: Final = {
    Field.NAME: Text("企业名称", "firm"),
    Field.CODE: Text("统一社会信用代码", "credit code"),
    Field.POLICY: Text("政策项目", "incentive"),
    Field.AMOUNT: Text("兑现金额", "amount paid"),
    Field.ITEM: Text("合同（项目）编号", "item number"),
    Field.DECIDED_ON: Text("认定日期", "date of the decision"),
    Field.PAID_ON: Text("拨付日期", "date of payment"),
    Field.YEAR: Text("年度", "year"),
    Field.IGNORE: Text("不使用", "not used"),
}

_HEADINGS: Final = {
    Field.NAME: (
        "企业名称 单位名称 申报单位 申报单位名称 申报主体 申报企业 申报企业名称 受奖单位 "
        "受奖企业 获奖单位 受补助单位 补助单位 补助企业 收款单位 收款单位名称 项目单位 "
        "项目单位名称 承担单位 承担单位名称 公司名称 机构名称 名称 firm company enterprise "
        "applicant recipient companyname firmname applicantname"
    ),
    Field.CODE: (
        "统一社会信用代码 社会信用代码 信用代码 统一信用代码 统一社会信用代码证号 "
        "creditcode unifiedsocialcreditcode uscc"
    ),
    Field.POLICY: (
        "政策 政策名称 政策项目 政策事项 政策条款 项目 奖补项目 奖补事项 兑现项目 兑现政策 "
        "兑现事项 补助项目 补贴项目 奖励项目 奖励类别 奖补类别 政策类别 incentive policy "
        "scheme award"
    ),
    Field.AMOUNT: (
        "兑现金额 奖补金额 奖励金额 补助金额 补贴金额 拨付金额 实际拨付金额 实拨金额 "
        "发放金额 实发金额 支付金额 已兑现金额 已拨付金额 奖补资金 奖励资金 补助资金 "
        "兑现资金 金额 amount amountpaid paid paidamount"
    ),
    Field.ITEM: (
        "合同编号 合同登记编号 合同号 技术合同编号 技术合同登记编号 项目编号 证书编号 "
        "借款合同编号 贷款合同编号 contract contractno contractnumber item itemno "
        "itemnumber certificateno projectno"
    ),
    Field.DECIDED_ON: (
        "认定日期 认定时间 审定日期 审核日期 核定日期 批准日期 决定日期 评审日期 评估日期 "
        "decidedon decisiondate dateofdecision"
    ),
    Field.PAID_ON: (
        "日期 拨付日期 拨付时间 兑现日期 兑现时间 支付日期 付款日期 发放日期 到账日期 date "
        "paidon paymentdate dateofpayment"
    ),
    Field.YEAR: "年度 年份 所属年度 奖补年度 政策年度 兑现年度 申报年度 year",
    Field.IGNORE: (
        "序号 编号 备注 说明 联系人 联系电话 开户行 开户银行 银行账号 账号 no remark remarks note"
    ),
}

HEADINGS: Final = {word: field for field, words in _HEADINGS.items() for word in words.split()}
"""The field by heading, as ``plain`` writes headings."""

LOCAL: Final = "local"
_LEVELS: Final = {
    "中央": "country", "国家": "country", "自治区": "province", "省": "province",
    "省级": "province", "自治区级": "province",
    "市": "city", "市级": "city", "地市": "city", "盟市": "city",
    "县": "county", "县级": "county", "区": "county", "区级": "county", "县区": "county",
    "县(区)": "county", "县(市、区)": "county", "旗县": "county", "旗县区": "county",
    "市县": LOCAL, "市县级": LOCAL, "市、县(区)": LOCAL, "本级": LOCAL, "地方": LOCAL,
    "地方级": LOCAL,
    "country": "country", "province": "province", "region": "province", "city": "city",
    "county": "county", "local": LOCAL,
}  # fmt: skip
PAYERS: Final = {
    "country": Text("中央", "the country"),
    "province": Text("自治区（省）", "the region"),
    "city": Text("市级", "the city"),
    "county": Text("县（区）级", "the county"),
    LOCAL: Text("市县", "the locality"),
}
_BEARS: Final = re.compile(
    r"(?:财政|资金)?(?:承担|负担|配套|分担|安排|补助|出资)?(?:金额|资金|部分)?"
)
UNITS: Final = {"元": 100, "万元": 1_000_000, "亿元": 10_000_000_000}
"""Fen in one of each unit."""


def heading(text: str) -> Heading:
    """Return a heading taken apart; of units only those of amounts are one here."""
    found = headings.heading(text)
    is_other = found.unit is not None and found.unit not in UNITS
    return Heading(headings.plain(text)) if is_other else found


def payer_of(text: str, above: str = "") -> str | None:
    """Return the level of government that a heading names as payer.

    ``自治区财政承担`` does by itself; ``市级`` alone only below a heading about who bears
    the cost (``above``).
    """
    for word in sorted(_LEVELS, key=len, reverse=True):
        if text.startswith(word):
            rest = text.removeprefix(word)
            bears = _BEARS.fullmatch(rest) is not None
            if (rest and bears) or (not rest and re.search("承担|负担|财政|分担|来源", above)):
                return _LEVELS[word]
    return None


def field_of(word: str) -> str | None:
    """Return the field that a declaration names: ``amount``, ``兑现金额`` or ``payer:city``."""
    kind, _, level = word.strip().partition(":")
    if kind in {"payer", "承担"} and level in _LEVELS:
        return f"payer:{_LEVELS[level]}"
    if kind in set(Field):
        return str(Field(kind))
    known = HEADINGS.get(heading(word).text)
    return None if known is None else str(known)
