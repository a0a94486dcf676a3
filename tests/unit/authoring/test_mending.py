"""What is mended without asking, letter for letter; and what is left to a person."""

from __future__ import annotations

import pytest
from tests.unit.authoring.rulebooks import RULES, VOCABULARY, changed

from incentives.authoring.mending import mend
from incentives.diagnostics import Source

DEFINITION = """\
[[definition]]
id = "net_cost"
name = { zh = "净费用", en = "Net cost" }
value = 'applicant.cost'
"""


def mended(rules: str, vocabulary: str = VOCABULARY) -> str:
    sources = [Source("vocabulary.toml", vocabulary), Source("doc.toml", rules)]
    done = mend(sources)
    assert set(done.changed) <= {"doc.toml"}
    assert bool(done.findings) == bool(done.changed)
    return done.changed.get("doc.toml", ("", rules))[1]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('cap = "20万元"', 'cap = "２０万元"'),
        ('rate = "10%"', 'rate = "１０％"'),
        ("staff_min = 10", "staff_min = １０"),
        ("on = 2024-06-01", "on = ２０２４－０６－０１"),
        ("on = 2024-06-01", "on = 2024-06-０１"),
        ("staff >= staff_min", "staff ≥ staff_min"),
        ("staff >= staff_min", "staff ＞＝　staff_min"),
        ("staff >= staff_min", "staff >= ｓtaff＿min"),
        ("cap = 'cap'", "capp = 'cap'"),
        ("\nclause = ", "\nclaus = "),
        ("[incentive.amount]", "[incentive.amont]"),
        ("[[incentive.condition]]", "[[incentive.conditions]]"),
        ('kind = "subsidy"', "kind ＝ “subsidy”"),
        ('title = { zh = "办法", en = "Measure" }', "title = ｛ zh = ＂办法＂， en = “Measure” ｝"),
        ("staff >= staff_min", "staff ＞= staff_min"),
        ("'applicant.cost'", "'（applicant.cost）'"),
        ('issuer = { zh = "某市"', 'issuer = { zh = "某\u200b市"'),
        ("on = 2024-06-01", 'on = "2024-06-01"'),
        ('entitlement = "exact"\n', 'entitlement = "exact"\nspare = "1万元"\n'),
    ],
    ids=lambda text: text.strip()[:20],
)
def test_a_slip_is_mended(old: str, new: str) -> None:
    slipped = changed(old, new)
    if "spare" in new:  # an unknown key with no near name is no slip
        assert mended(slipped) == slipped
    elif "（" in new:
        assert mended(slipped) == changed(old, "'(applicant.cost)'")
    else:
        assert mended(slipped) == RULES


@pytest.mark.parametrize(
    ("old", "new", "left"),
    [
        ("'applicant.cost'", "'applicant.cost ＊ （１ － 0）'", "'applicant.cost * (1 - 0)'"),
        ("_min'", "_min or applicant.kind ＝＝ “enterprise”'",
         "_min or applicant.kind == \"enterprise\"'"),
        ("_min'", "_min or applicant.kind in ｛\"enterprise\"、\"college\"｝'",
         "_min or applicant.kind in {\"enterprise\",\"college\"}'"),
        ('cap = "20万元"', 'cap = "200,000元"', 'cap = "200000元"'),
        ('cap = "20万元"', 'cap = "２００，０００元"', 'cap = "200000元"'),
    ],
)  # fmt: skip
def test_what_a_chinese_keyboard_writes_is_mended(old: str, new: str, left: str) -> None:
    assert mended(changed(old, new)) == changed(old, left)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('cap = "20万元"', 'cap = "20万"'),  # 200,000 of what?
        ("'applicant.cost'", "'applicant.cost——0'"),  # a dash, or minus a minus?
        ('cap = "20万元"', 'cap = "２０"'),  # 元 or 万元?
        ("'applicant.staff >= staff_min'", "'applicant.kind == “a\"b”'"),  # where does it end?
        ("'applicant.staff >= staff_min'", '"applicant.kind == “enterprise”"'),  # as it stands
        ("applicant.staff >= staff_min", 'applicant.kind == "（enterprise）'),  # inside a text
    ],
)
def test_what_takes_judgement_is_left(old: str, new: str) -> None:
    assert mended(changed(old, new)) == changed(old, new)


def test_unused_parameters_and_definitions_go_and_comments_stay() -> None:
    rules = changed('cap = "20万元"\n', 'cap = "20万元"\nspare = "1万元"  # 二（三）\nother = 3\n')
    assert mended(rules) == changed('cap = "20万元"\n', 'cap = "20万元"\n# 二（三）\n')
    rules = changed("[[incentive]]", "# 说明\n" + DEFINITION + "[[incentive]]")
    assert mended(rules) == changed("[[incentive]]", "# 说明\n[[incentive]]")
    commented = changed("value =", "# 为什么\nvalue =", rules)
    assert mended(commented) == commented


@pytest.mark.parametrize(
    ("inline", "left"),
    [
        ('{ spare = 1, rate = "10%" }', '{ rate = "10%" }'),
        ('{ rate = "10%", spare = 1 }', '{ rate = "10%" }'),
        ('{ rate = "10%", spare = 1, other = 2 }', '{ rate = "10%" }'),
    ],
)
def test_an_unused_parameter_inside_braces(inline: str, left: str) -> None:
    rules = RULES.replace(
        '[incentive.parameters]\nrate = "10%"\ncap = "20万元"\nstaff_min = 10\n', ""
    )
    rules = rules.replace("cap = 'cap'\n", "").replace(">= staff_min", "> 0")
    rules = changed('entitlement = "exact"', f'entitlement = "exact"\nparameters = {inline}', rules)
    assert mended(rules) == rules.replace(inline, left)


def test_definitions_that_only_each_other_use_go_together() -> None:
    second = DEFINITION.replace("net_cost", "twice").replace(
        "applicant.cost'", "net_cost + net_cost'"
    )
    rules = changed("[[incentive]]", DEFINITION + second + "[[incentive]]")
    assert mended(rules) == RULES


def test_a_definition_that_another_unused_one_mentions_stays_with_it() -> None:
    second = DEFINITION.replace("net_cost", "twice").replace(
        "applicant.cost'", "net_cost + net_cost'"
    )
    second = second.replace("value", "# 留着\nvalue")
    rules = changed("[[incentive]]", DEFINITION + second + "[[incentive]]")
    assert mended(rules) == rules


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('rate = "10%"', "rate = 0.1"),  # a ratio, or money without its unit?
        ('rounding = { to = "0.01元", mode = "half_up", basis = "assumed" }', 'rounding = { to = "0.01元", mode = "half_up", basis = "stated" }'),
        ('rate = "10%"', 'rate = "0.054054"'),
        (', en = "Subsidy"', ""),
        ('name = { zh = "补助"', 'name = { zh = "补“助'),
        ("'applicant.staff >= staff_min'", "'applicant.name == \"（甲\" and'"),
    ],
)  # fmt: skip
def test_what_needs_judgement_is_left(old: str, new: str) -> None:
    assert mended(changed(old, new)) == changed(old, new)


def test_a_file_that_is_no_toml_in_the_end_is_left_as_it_was() -> None:
    broken = changed('kind = "subsidy"', "kind ＝ = ]")
    assert mended(broken) == broken


def test_many_slips_of_one_file_are_mended_at_once() -> None:
    many = RULES.replace(" = ", " ＝ ")
    assert many.count("＝") > 60
    assert mended(many) == RULES


def test_a_key_that_is_written_several_times_is_mended_everywhere() -> None:
    second = RULES[RULES.index("[[incentive.condition]]") : RULES.index("[incentive.amount]")]
    two = changed("[incentive.amount]", second.replace('"staff"', '"more"') + "[incentive.amount]")
    assert mended(two.replace("[[incentive.condition]]", "[[incentive.conditons]]")) == two
    start, end = RULES.index("[incentive.amount]"), RULES.index("[[incentive.case]]")
    inner = RULES[:start] + (
        "[incentive.amount]\ncap = 'cap'\n[incentive.amount.bands]\nof = 'applicant.cost'\n"
        "mode = \"marginal\"\n[[incentive.amount.bands.steps]]\nrate = 'rate'\n"
    ) + RULES[end:]  # fmt: skip
    assert mended(inner.replace("incentive.amount", "incentive.amuont")) == inner
    dotted = (
        RULES[:start] + "amount.base = 'applicant.cost'\namount.rate = 'rate'\namount.cap = 'cap'\n"
    )
    dotted = changed("[incentive.parameters]\n", "parameters.", dotted).replace(
        '\ncap = "', '\nparameters.cap = "'
    )
    dotted = dotted.replace("\nstaff_min = ", "\nparameters.staff_min = ")
    head, body = (
        dotted[: dotted.index("[[incentive.condition]]")],
        dotted[dotted.index("[[incentive.condition]]") : dotted.index("amount.base")],
    )
    whole = head + dotted[dotted.index("amount.base") :] + body + RULES[end:]
    assert mended(whole.replace("amount.", "amuont.")) == whole


def test_a_vocabulary_is_left_to_a_person() -> None:
    vocabulary = VOCABULARY + '[parameters]\nspare = "1万元"\n'
    assert mended(RULES, vocabulary) == RULES  # and the vocabulary has not changed


def test_what_stands_in_between_stays() -> None:
    between = DEFINITION + "[parameters]\nother = 1\n[definition.parameters]\nspare = 2\n"
    rules = changed("[[incentive]]", between + "[[incentive]]").replace("staff_min = 10\n", "")
    rules = (
        rules.replace(">= staff_min", ">= other")
        .replace("staff = 10", "staff = 1")
        .replace("staff = 9", "staff = 0")
    )
    assert mended(rules) == rules


def test_a_comment_inside_a_value_keeps_the_value() -> None:
    rules = changed('cap = "20万元"\n', 'cap = "20万元"\nspare = [\n  1,  # 为什么\n  2,\n]\n')
    assert mended(rules) == rules
    plain = changed('cap = "20万元"\n', 'cap = "20万元"\nspare = [\n  1,\n  2,\n]\n')
    assert mended(plain) == RULES
