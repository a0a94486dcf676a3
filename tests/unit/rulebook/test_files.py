"""The keys of rule files: what is good loads, and what is bad is told whole and at once."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incentives.diagnostics import Finding, Source, render
from incentives.rulebook import files
from incentives.rulebook.file_schema import Model, keys, validator
from incentives.rulebook.files import RegionsFile, RuleFile, VocabularyFile, read_file

if TYPE_CHECKING:
    from pathlib import Path

HEAD = """\
format = 1
[document]
id           = "tech-city"
title        = { zh = "科技强市方案", en = "City of science" }
issuer       = { zh = "石嘴山市" }
jurisdiction = "640200"
legal_status = "in_force"
effective    = { until = 2025-12-31 }
source       = { name = "001.txt", sha256 = "aecd0930" }
rounding     = { to = "0.01元", mode = "half_up", basis = "assumed" }
"""
ENTRY = """\
[[incentive]]
id          = "contract-award"
name        = { zh = "技术合同奖励", en = "Contract award" }
kind        = "award"
recipient   = ["technology_transfer_center"]
clause      = "二（三）6"
entitlement = "exact"
"""
GOOD = (
    HEAD
    + ENTRY
    + """\
each        = "contract"
dated_by    = 'contract.registered_on'
distinct    = 'contract.result_no'
keep        = "largest"
once        = "lifetime"
overrides   = ["a/b", { incentive = "a/c", when = 'applicant.local' }]
paid_to     = "合作银行"
decreasing  = { zh = "超额累退", en = "By design" }

[incentive.parameters]
rate  = "10%"
cap   = { value = "20万元", clause = "二" }
dated = [{ until = 2023-12-31, value = 3 }, { from = 2024-01-01, value = ["640000", "640200"] }]
kinds = ["university", "research_institute"]

[[incentive.condition]]
id   = "brokered"
when = 'contract.brokered_by_applicant'
says = { zh = "由中心促成", en = "Brokered" }

[[incentive.condition]]
id       = "two-of"
says     = { zh = "三项中的两项", en = "Two of three" }
any      = ['applicant.a', { unless = 'applicant.b' }, { all = ['applicant.c', 'applicant.d'] }]
at_least = 2

[incentive.amount]
base = 'contract.amount'
rate = 'rate'
cap  = 'cap'
round = { to = "1元", mode = "down" }

[[incentive.total]]
cap = "100万元"
per = "year"

[[incentive.instalment]]
share = "60%"
from  = 2024-06-01

[incentive.funding]
shares   = [{ payer = "640000", share = "70%" }, { payer = "local", share = "30%" }]
residual = "640000"

[[incentive.reading]]
id         = "net"
says       = { zh = "不含税", en = "Net of tax" }
confidence = "low"
drop       = ["brokered"]
amount     = { fixed = '0元' }

[[incentive.case]]
name   = "the cap binds"
on     = 2024-06-01
expect = { status = "eligible", amount = "20万元", missing = [] }
[incentive.case.facts.applicant]
kind = "technology_transfer_center"

[[group]]
id      = "annual"
members = ["tech-city/contract-award"]
rule    = "cap"
limit   = "800万元"
per     = "year"

[[split]]
id       = "seven-three"
of       = ["tech-city/contract-award"]
shares   = [{ payer = "640000", share = "100%" }]
residual = "640000"

[[fund]]
id     = "pool"
name   = { zh = "风险补偿资金池" }
clause = "三"
amount = "2000万元"
year   = 2021

[[target]]
id         = "deals"
metric     = { zh = "技术合同成交额占比" }
clause     = "一（二）"
comparison = ">="
value      = "0.7%"
due        = 2025
"""
)


def read(text: str, name: str = "a.toml") -> tuple[Any, list[Finding]]:
    model, _, found = read_file(Source(name, text))
    return model, found


def codes(text: str) -> list[str]:
    return [finding.code for finding in read(text)[1]]


def only(text: str) -> Finding:
    (finding,) = read(text)[1]
    return finding


def test_a_good_file() -> None:
    file, found = read(GOOD)
    assert found == []
    assert isinstance(file, RuleFile)
    assert file.document.effective.until == date(2025, 12, 31)
    (entry,) = file.incentive
    assert entry.recipient == ("technology_transfer_center",)
    assert entry.paid_to is not None
    assert entry.paid_to.zh == "合作银行"
    assert entry.overrides[0].incentive == "a/b"
    assert entry.overrides[1].when == "applicant.local"
    assert entry.amount is not None
    assert entry.amount.cap == "cap"
    some = entry.condition[1].any_
    assert some is not None
    assert some[0].when == "applicant.a"
    assert some[2].all_ is not None
    assert entry.reading[0].model_fields_set == {"id", "says", "confidence", "drop", "amount"}
    assert entry.case[0].facts == {"applicant": {"kind": "technology_transfer_center"}}


def test_forms_of_a_parameter_and_their_places() -> None:
    source = Source("a.toml", GOOD)
    file, locator, _ = read_file(source)
    assert isinstance(file, RuleFile)
    parameters = file.incentive[0].parameters
    assert parameters["rate"].values[0].value == "10%"
    assert parameters["cap"].values[0].clause == "二"
    assert parameters["dated"].values[1].from_ == date(2024, 1, 1)
    assert parameters["dated"].values[1].value == ("640000", "640200")
    assert parameters["kinds"].values[0].value == ("university", "research_institute")

    def place(name: str, index: int) -> str:
        path = ("incentive", 0, "parameters", name, *parameters[name].place(index))
        span = locator.span(path)
        return source.text[span.start : span.end]

    assert place("rate", 0) == '"10%"'
    assert place("cap", 0) == '"20万元"'
    assert place("dated", 0) == "3"


def test_models_are_frozen() -> None:
    file, _ = read(GOOD)
    with pytest.raises(AttributeError, match="frozen"):
        file.format = 2
    with pytest.raises(AttributeError, match="frozen"):
        del file.format
    assert repr(file.document.effective) == "PeriodModel(until=datetime.date(2025, 12, 31))"


def test_the_kind_of_file_goes_by_its_name_then_its_content() -> None:
    vocabulary = 'format = 1\n[entity.applicant]\nlabel = { zh = "主体" }\n'
    assert isinstance(read(vocabulary)[0], VocabularyFile)
    assert isinstance(read("format = 1", "x/vocabulary.toml")[0], VocabularyFile)
    assert isinstance(read("format = 1", "x\\regions.toml")[0], RegionsFile)
    regions = 'format = 1\n[region.640200]\nname = { zh = "石嘴山市", en = "Shizuishan" }\n'
    assert isinstance(read(regions)[0], RegionsFile)
    assert codes("format = 1") == ["E101"]
    assert codes('format = 1\n[region.6402]\nname = { zh = "石嘴山市" }\n') == ["E103"]


def test_a_vocabulary() -> None:
    text = """\
format = 1
[entity.contract]
label = { zh = "合同", en = "Contract" }
many  = true
key   = "registration_no"
[fact.applicant.kind]
type  = "choice"
label = { zh = "类型" }
choices.enterprise = { zh = "企业", en = "Enterprise" }
[fact.applicant.revenue]
type  = "money"
per   = "year"
label = { zh = "收入" }
max   = "1000亿元"
changeable = false
[[definition]]
id     = "points"
name   = { zh = "得分" }
lookup = { of = 'share', steps = [{ below = "10%", gives = 0 }, { gives = 8 }] }
[definition.parameters]
share = "1%"
[parameters]
small = "300万元"
"""
    file, found = read(text, "vocabulary.toml")
    assert found == []
    assert list(file.fact["applicant"]) == ["kind", "revenue"]
    assert file.fact["applicant"]["kind"].choices["enterprise"].en == "Enterprise"
    assert file.definition[0].lookup.steps[0].below == "10%"
    (wrong,) = read(text.replace('"money"', '"mony"'), "vocabulary.toml")[1]
    assert (wrong.code, wrong.help) == ("E105", 'did you mean "money"?')
    (typo,) = read(
        text.replace('label = { zh = "收入" }', 'lable = { zh = "收入" }'), "vocabulary.toml"
    )[1]
    assert typo.message == "`[fact.applicant.revenue]` has no key `lable`"
    assert typo.help == "did you mean `label`?"


@pytest.mark.parametrize("kind", [RuleFile, VocabularyFile, RegionsFile])
def test_every_kind_of_file_has_a_json_schema(kind: type[Model]) -> None:
    schema = kind.model_json_schema()
    assert set(schema["properties"]) == set(keys(kind))


def test_every_annotation_is_understood() -> None:
    models = [model for model in vars(files).values() if isinstance(model, type)]
    for model in models:
        if issubclass(model, Model) and model is not Model:
            validator(model)


def test_the_shipped_rules_have_good_keys(repository: Path) -> None:
    for path in sorted((repository / "rules").glob("*.toml")):
        _, found = read(path.read_text("utf-8"), path.name)
        assert [render(finding) for finding in found] == []


TREES = st.recursive(
    st.sampled_from([1, True, "a", "", date(2024, 1, 1)]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(sorted({*keys(files.IncentiveModel), *keys(files.AmountModel), "x"})),
            inner,
            max_size=4,
        )
    ),
    max_leaves=8,
)


def written(value: Any) -> str:
    match value:
        case bool():
            return str(value).lower()
        case str():
            return f'"{value}"'
        case list():
            return f"[{', '.join(map(written, value))}]"
        case dict():
            return f"{{ {', '.join(f'{key} = {written(entry)}' for key, entry in value.items())} }}"
        case _:
            return str(value)


@given(st.dictionaries(st.sampled_from(sorted(keys(RuleFile))), TREES, max_size=4), st.booleans())
def test_law_any_data_gives_a_model_or_findings(data: dict[str, Any], entry: bool) -> None:
    if entry:
        data = {"incentive": [data.pop("incentive", {})], **data}
    text = "\n".join(f"{key} = {written(value)}" for key, value in data.items())
    model, found = read(text)
    assert (model is None) == bool(found)
    for finding in found:
        assert finding.code != "E109", finding
        render(finding)
