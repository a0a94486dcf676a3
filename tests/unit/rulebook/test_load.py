"""Every finding of a load: its whole text, and a good neighbour that loads."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from tests.golden import check_both, sections
from tests.small import (
    ENTRY,
    HEAD,
    VOCABULARY,
    amount,
    entry,
    error,
    faults,
    parameters,
    rules,
    when,
)

from incentives.diagnostics import Finding, RulebookError, Source, render
from incentives.rulebook.digest import meaning_digest
from incentives.rulebook.load import build_rules, load_rules

GOLDEN = Path(__file__).with_name("findings.txt")
FIXED = amount(fixed="1元")
ONE = ENTRY + FIXED
TWO = entry("other") + FIXED
OTHER = HEAD.replace('"doc"', '"doc2"')


def define(id: str, value: str, *more: str) -> str:
    body = f'[[definition]]\nid = "{id}"\nname = {{ zh = "甲", en = "A" }}\n{value}\n'
    return body + "\n".join(more) + "\n"


def steps(*rows: str, of: str = "applicant.spend", mode: str = "marginal") -> str:
    listed = ",\n  ".join("{ " + row + " }" for row in rows)
    bands = f"bands = {{ of = '{of}', mode = \"{mode}\", steps = [\n  {listed} ] }}\n"
    return ENTRY + "[incentive.amount]\n" + bands


def table(*rows: str, hit: str = "unique") -> str:
    listed = ",\n  ".join("{ " + row + " }" for row in rows)
    return ENTRY + f'[incentive.amount]\nhit = "{hit}"\ntable = [\n  {listed} ]\n'


def group(*members: str, rule: str = "highest", id: str = "g", more: str = "") -> str:
    listed = ", ".join(f'"{member}"' for member in members)
    return f'[[group]]\nid = "{id}"\nmembers = [{listed}]\nrule = "{rule}"\nclause = "一"\n{more}\n'


def split(*shares: str, id: str = "s", of: str = "doc/award", residual: str = "640000") -> str:
    listed = ", ".join(
        f'{{ payer = "{payer}", share = "{share}" }}'
        for payer, share in (one.split("=") for one in shares)
    )
    return (f'[[split]]\nid = "{id}"\nof = ["{of}"]\nshares = [{listed}]\n'
            f'residual = "{residual}"\nclause = "一"\n')  # fmt: skip


def effective(since: str, until: str) -> str:
    return f"{{ from = {since}, until = {until} }}"


EARLY, LATE = effective("2020-01-01", "2022-12-31"), effective("2023-01-01", "2025-12-31")
DATED = '[{{ until = 2022-12-31, value = "1万元" }}, {{ from = {}, value = "2万元" }}]'
SHARES = ("640000=70%", "640200=30%")
LOOKUP = ("lookup = {{ of = 'applicant.share', steps = [ {{ below = \"10%\", gives = 0 }},"
          " {{ {} gives = {} }} ] }}")  # fmt: skip

# name → a body that is refused, and one that loads
BODIES: dict[str, tuple[str, str]] = {
    "E101 repealed without an end": ("", ""),  # its documents differ: see HEADS
    "E103 name of a parameter": (ENTRY + parameters(year='"1万元"') + FIXED,
                                 ENTRY + parameters(years='"1万元"') + FIXED),
    "E103 name of a definition": (define("sum", "value = 'applicant.spend'") + ONE,
                                  define("summed", "value = 'applicant.spend'") + ONE),
    "E216 each": (entry(each='"contracts"') + FIXED, entry(each='"contract"') + FIXED),
    "E216 reading of a case": (
        ONE + '[[incentive.case]]\nname = "a"\non = 2024-01-01\nreading = "wide"\n'
        'expect = { status = "undetermined" }\n',
        ONE + '[[incentive.reading]]\nid = "wide"\nsays = { zh = "宽", en = "Wide" }\n'
        '[[incentive.case]]\nname = "a"\non = 2024-01-01\nreading = "wide"\n'
        'expect = { status = "undetermined" }\n'),
    "E216 award": (ENTRY + when('award("doc/othr") > 0') + FIXED + TWO,
                   ENTRY + when('award("doc/other") > 0') + FIXED + TWO),
    "E216 overrides": (entry(overrides='["doc/othr"]') + FIXED + TWO,
                       entry(overrides='["doc/other"]') + FIXED + TWO),
    "E216 member": (ONE + TWO + group("doc/award", "doc/othr"),
                    ONE + TWO + group("doc/award", "doc/other")),
    "E216 split": (ONE + split(*SHARES, of="doc/awrd"), ONE + split(*SHARES)),
    "E220 money in the place of a ratio": (
        ENTRY + amount(base="applicant.spend", rate="20万元"),
        ENTRY + amount(base="applicant.spend", rate="20%")),
    "E220 money without a unit": (ENTRY + "[incentive.amount]\nfixed = 5000\n", ONE),
    "E220 digits for money": (ENTRY + FIXED + 'cap = "1000000"\n',
                              ENTRY + FIXED + 'cap = "1000000元"\n'),
    "E220 groups of digits for money": (ENTRY + FIXED + 'cap = "1,000,000.50"\n',
                                        ENTRY + FIXED + 'cap = "1000000.50元"\n'),
    "E220 zero for money": (ENTRY + FIXED + "cap = 0\n", ENTRY + FIXED + 'cap = "0"\n'),
    "E220 six digits for money": (ENTRY + amount(fixed="500000"), ONE),
    "E220 band": (steps('up_to = "1万元", rate = "1万元"', 'rate = "1%"'),
                  steps('up_to = "1万元", rate = "5%"', 'rate = "1%"')),
    "E221 recipient": (entry(recipient='["firm", "shop"]') + FIXED,
                       entry(recipient='["firm", "centre"]') + FIXED),
    "E221 jurisdiction": ("", ""),
    "E230 near miss": (ENTRY + amount(fixed="0.001元"), ENTRY + amount(fixed="0.01元")),
    "E230 zero quantum": (
        ENTRY + FIXED + 'round = { to = "0元", mode = "up" }\n',
        ENTRY + FIXED + 'round = { to = "1元", mode = "up" }\n'),
    "E231 no quantity": (ENTRY + parameters(cap='"applicant.spend"') + FIXED,
                         ENTRY + parameters(cap='"20万元"') + FIXED),
    "E231 money without a unit": (ENTRY + parameters(cap='"5000"') + FIXED,
                                  ENTRY + parameters(cap='"5000元"') + FIXED),
    "E232 values": (
        ENTRY + parameters(cap='[{ until = 2022-12-31, value = "1万元" },'
                           ' { from = 2023-01-01, value = "1%" }]') + FIXED,
        ENTRY + parameters(cap=DATED.format("2023-01-01")) + FIXED),
    "E232 list": (ENTRY + parameters(some='["1%", "1元"]') + FIXED,
                  ENTRY + parameters(some='["1%", "2%"]') + FIXED),
    "E233 two values on a day": (ENTRY + parameters(cap=DATED.format("2022-12-31")) + FIXED,
                                 ENTRY + parameters(cap=DATED.format("2023-01-01")) + FIXED),
    "E234 definition": (define("a", "value = 'applicant.spend'") * 2 + ONE,
                        define("a", "value = 'applicant.spend'") + ONE),
    "E235 reserved": (ENTRY + when("applicant.small", id="once") + FIXED,
                      ENTRY + when("applicant.small", id="first") + FIXED),
    "E237 no amount": (ENTRY, ONE),
    "E237 an amount too many": (entry(entitlement='"none"') + FIXED, entry(entitlement='"none"')),
    "E238 rounding": ("", ""),
    "E239 gap": (
        ENTRY + parameters(cap='[{ from = 2021-01-01, value = "1万元" }]') + amount(fixed="cap"),
        ENTRY + parameters(cap='[{ from = 2020-01-01, value = "1万元" }]') + amount(fixed="cap")),
    "E239 gap in the middle": (
        ENTRY + parameters(cap=DATED.format("2023-02-01")) + amount(fixed="cap"),
        ENTRY + parameters(cap=DATED.format("2023-01-01")) + amount(fixed="cap")),
    "E240 order": (steps('up_to = "2万元", rate = "5%"', 'up_to = "1万元", rate = "3%"',
                         'rate = "1%"'),
                   steps('up_to = "1万元", rate = "5%"', 'up_to = "2万元", rate = "3%"',
                         'rate = "1%"')),
    "E241 no last step": (steps('up_to = "1万元", rate = "5%"'),
                          steps('up_to = "1万元", rate = "5%"', 'rate = "1%"')),
    "E242 lookup": (
        define("a", LOOKUP.format('below = "20%",', 4)) + ONE,
        define("a", LOOKUP.format("", 4)) + ONE),
    "E242 lookup of two kinds": (
        define("a", LOOKUP.format("", '"1元"').replace("gives = 0", 'gives = "1%"')) + ONE,
        define("a", LOOKUP.format("", '"1%"')) + ONE),
    "E243 overlap": (
        table("when = 'applicant.kind == \"firm\"', amount = \"1元\"",
              "when = 'applicant.kind in {\"firm\", \"centre\"}', amount = \"2元\""),
        table("when = 'applicant.kind == \"firm\"', amount = \"1元\"",
              "when = 'applicant.kind == \"centre\"', amount = \"2元\"")),
    "E260 shares": (ONE + split("640000=70%", "640200=20%"), ONE + split(*SHARES)),
    "E260 a share that moves": (ONE + split("640000=applicant.share", "640200=30%"),
                                ONE + split(*SHARES)),
    "E260 shares that stop adding up": (
        '[parameters]\npart = [{ until = 2022-12-31, value = "30%" },'
        ' { from = 2023-01-01, value = "40%" }]\n' + ONE + split("640000=70%", "640200=part"),
        '[parameters]\npart = [{ until = 2022-12-31, value = "30%" },'
        ' { from = 2023-01-01, value = "30%" }]\n' + ONE + split("640000=70%", "640200=part"),
    ),
    "E261 payer twice": (ONE + split("640000=70%", "640000=30%"), ONE + split(*SHARES)),
    "E261 residual": (ONE + split(*SHARES, residual="100000"), ONE + split(*SHARES)),
    "E262 cap without a limit": (
        ONE + TWO + group("doc/award", "doc/other", rule="cap"),
        ONE + TWO + group("doc/award", "doc/other", rule="cap", more='limit = "1万元"')),
    "E262 limit of another rule": (
        ONE + TWO + group("doc/award", "doc/other", more='limit = "1万元"'),
        ONE + TWO + group("doc/award", "doc/other")),
    "E270 award": (
        ENTRY + when('granted("doc/other")') + FIXED
        + entry("other") + when('granted("doc/award")') + FIXED,
        ENTRY + when('granted("doc/other")') + FIXED + TWO),
    "E270 groups": (
        ONE + TWO + group("doc/h", "doc/award") + group("doc/g", "doc/other", id="h"),
        ONE + TWO + group("doc/h", "doc/award") + group("doc/other", id="h")),
    "E271 versions": (
        entry(effective=EARLY) + FIXED + entry(effective=LATE, recipient='["centre"]') + FIXED,
        entry(effective=EARLY) + FIXED + entry(effective=LATE) + FIXED),
    "E272 versions": (entry(effective=EARLY) + FIXED + entry(effective=EARLY) + FIXED,
                      entry(effective=EARLY) + FIXED + entry(effective=LATE) + FIXED),
    "E276 a later end": (entry(effective="{ until = 2030-12-31 }") + FIXED,
                         entry(effective="{ until = 2029-12-31 }") + FIXED),
    "E276 an earlier beginning": (entry(effective="{ from = 2019-12-31 }") + FIXED,
                                  entry(effective="{ from = 2020-01-01 }") + FIXED),
    "E276 all of it afterwards": (entry(effective=effective("2031-01-01", "2031-12-31")) + FIXED,
                                  entry(effective=LATE) + FIXED),
    "E276 a reading": (
        ONE + '[[incentive.reading]]\nid = "long"\nsays = { zh = "长", en = "Long" }\n'
        "effective = { until = 2030-12-31 }\n",
        ONE + '[[incentive.reading]]\nid = "long"\nsays = { zh = "长", en = "Long" }\n'
        "effective = { until = 2028-12-31 }\n"),
    "E274 two groups": (
        ONE + TWO + group("doc/award") + group("doc/award", "doc/other", id="h"),
        ONE + TWO + group("doc/award") + group("doc/other", id="h")),
    "E275 two splits": (ONE + split(*SHARES) + split(*SHARES, id="t"), ONE + split(*SHARES)),
    "E275 split and funding": (
        ONE + '[incentive.funding]\nshares = [{ payer = "local", share = "100%" }]\n'
        'residual = "local"\n' + split(*SHARES),
        ONE + split(*SHARES)),
}  # fmt: skip

# name → the head that is refused instead of HEAD
HEADS = {
    "E101 repealed without an end": HEAD.replace("in_force", "repealed").replace(
        ", until = 2029-12-31", ""
    ),
    "E221 jurisdiction": HEAD.replace('"640200"', '"64"'),
    "E238 rounding": "\n".join(HEAD.split("\n")[:-2]) + "\n",
}


@pytest.mark.parametrize("name", BODIES)
def test_a_bad_rule_file_is_explained_and_its_neighbour_loads(name: str) -> None:
    bad, good = BODIES[name]
    text = check_both(GOLDEN, name, faults(bad or ONE, head=HEADS.get(name, HEAD)))
    assert f"error[{name[:4]}]" in text, text
    assert re.search(r"--> a\.toml:\d+:\d+\n", text)
    rules(good or ONE)


def changed(old: str, new: str) -> str:
    assert old in VOCABULARY
    return VOCABULARY.replace(old, new)


SMALL = 'small = { type = "bool", label = { zh = "小微" } }'
VOCABULARIES = {
    "E103 name of a fact": changed("small =", "if ="),
    "E250 built in": changed("[fact.applicant]", '[entity.received]\nlabel = { zh = "已" }\n'
                             "[fact.applicant]"),
    "E251 entity of a fact": changed("[fact.contract]", "[fact.contracts]"),
    "E252 no region": changed('region = { type = "region"', 'region = { type = "text"'),
    "E252 no applicant": changed("[entity.applicant]", "[entity.firm]"),
    "E253 key": changed('key = "no"', 'key = "paid"'),
    "E254 choice without words": changed('share = { type = "ratio"', 'share = { type = "choice"'),
    "E254 words without a choice": changed(
        SMALL, SMALL.replace(" }", ' }, choices = { yes = { zh = "是" } }', 1)),
    "E255 order": changed("min = 0, max = 40", "min = 40, max = 0"),
    "E255 bounds of a text": changed('name = { type = "text"', 'name = { min = 1, type = "text"'),
}  # fmt: skip


@pytest.mark.parametrize("name", VOCABULARIES)
def test_a_bad_vocabulary_is_explained(name: str) -> None:
    text = check_both(GOLDEN, name, faults(ONE, vocabulary=VOCABULARIES[name]))
    assert f"error[{name[:4]}]" in text, text
    rules(ONE)


REGIONS = 'format = 1\n[region.640200]\nname = { zh = "石嘴山市" }\n'


def found_in(**files: str) -> tuple[Finding, ...]:
    """Return the findings about files by name, dots written as two underscores."""
    sources = [Source(name.replace("__", "."), text) for name, text in files.items()]
    try:
        build_rules(sources)
    except RulebookError as found:
        return found.findings
    return ()


def load(**files: str) -> str:
    """Return the error of files by name, dots written as two underscores."""
    return "\n\n".join(map(render, found_in(**files))) or "(it loads)"


FILES: dict[str, dict[str, str]] = {
    "E103 region": {"regions__toml": REGIONS.replace("640200", "6402")},
    "E251 successor": {"regions__toml": REGIONS + 'successor = "640299"\n'},
    "E234 region": {"regions__toml": REGIONS, "x/regions__toml": REGIONS.replace("山市", "山")},
    "E234 document": {"b__toml": HEAD + TWO},
    "E234 fact": {"x/vocabulary__toml":
                  'format = 1\n[fact.applicant.small]\ntype = "count"\nlabel = { zh = "小微" }\n'},
    "E234 entity": {"x/vocabulary__toml":
                    'format = 1\n[entity.applicant]\nlabel = { zh = "另一" }\nmany = true\n'},
    "E234 parameter": {"x/vocabulary__toml": 'format = 1\n[entity.applicant]\n'
                       'label = { zh = "申报主体", en = "Applicant" }\n[parameters]\na = "1元"\n',
                       "y/vocabulary__toml": 'format = 1\n[entity.applicant]\n'
                       'label = { zh = "申报主体", en = "Applicant" }\n[parameters]\na = "2元"\n'},
    "E273 draft": {"b__toml": OTHER.replace("in_force", "draft") + ONE,
                   "c__toml": HEAD.replace('"doc"', '"doc3"') + ENTRY
                   + when('granted("doc2/award")') + FIXED},
}  # fmt: skip


@pytest.mark.parametrize("name", FILES)
def test_faults_between_files_are_explained(name: str) -> None:
    files: dict[str, Any] = {"vocabulary__toml": VOCABULARY, "a__toml": HEAD + ONE}
    assert load(**files) == "(it loads)"
    text = check_both(GOLDEN, name, found_in(**files, **FILES[name]))
    assert f"error[{name[:4]}]" in text, text


def test_a_definition_that_costs_too_much_is_refused() -> None:
    doubling = "".join(
        define(f"d{at}", f"value = '{f'd{at - 1} + d{at - 1}' if at else 'applicant.spend'}'")
        for at in range(18)
    )
    bad = doubling + ENTRY + amount(formula="d17")
    check_both(GOLDEN, "E211 cost", faults(bad))
    rules(doubling + ENTRY + amount(formula="d9"))


def test_one_fault_inside_a_table_or_a_list_is_one_finding() -> None:
    bodies = {
        table("when = 'applicant.smal', amount = \"1元\"", 'otherwise = true, amount = "0元"'): "E216",
        table("when = 'applicant.small', amount = \"1%\""): "E220",
        ENTRY + amount(base="applicant.spent", rate="10%"): "E216",
        steps('up_to = "1万元", rate = "5%"', 'rate = "1%"', of="applicant.spent"): "E216",
        ENTRY + parameters(some='["1元", "0.001元"]') + FIXED: "E230",
        ENTRY + parameters(some='"0.001元"') + FIXED: "E230",
        ENTRY + "[incentive.amount]\nfixed = true\n": "E104",
        ENTRY + when("any(c.ok for c, d in contract)") + FIXED: "E212",
        ENTRY + when("applicant.small\\u0000").replace("'", '"', 2) + FIXED: "E012",
    }  # fmt: skip
    for body, code in bodies.items():
        assert re.findall(r"error\[(E\d+)\]", error(body)) == [code], body


def test_an_open_end_of_a_document_bounds_nothing() -> None:
    open_end = HEAD.replace(", until = 2029-12-31", "")
    found = rules(entry(effective="{ until = 2099-12-31 }") + FIXED, head=open_end)
    assert str(found.incentives["doc/award"].versions[0].period.until) == "2099-12-31"
    late = entry(effective="{ from = 2019-12-31 }") + FIXED
    assert "`from` is 2019-12-31" in error(late, head=open_end)


def test_functions_take_plain_arguments_too() -> None:
    for test in ("all(applicant.small, applicant.honest)", "count(applicant.small) > 0",
                 "count(c.no for c in contract) > 0"):  # fmt: skip
        rules(ENTRY + when(test) + FIXED)


def test_a_fault_that_readings_share_is_told_once() -> None:
    """A reading is the whole rule again: its amount has the same fault at the same place."""
    reading = (
        '[[incentive.reading]]\nid = "strict"\nsays = { zh = "从严", en = "Strict" }\n'
        'default = false\nconfidence = "low"\n[[incentive.reading.condition]]\nid = "c"\n'
        'when = \'applicant.small\'\nsays = { zh = "小", en = "Small" }\n'
    )
    other = reading.replace("strict", "loose").replace("applicant.small", "applicant.honest")
    told = error(ENTRY + amount(fixed="nothing") + reading + other)
    assert told.count("nothing is called `nothing`") == 1, told


def test_every_finding_of_every_file_comes_at_once() -> None:
    bad = {"a__toml": HEAD + ENTRY + when("applicant.smal") + amount(fixed="1"),
           "vocabulary__toml": VOCABULARIES["E255 order"], "b__toml": "format = 1\n[x"}  # fmt: skip
    text = load(**bad)
    for code in ("E216", "E220", "E255", "E001"):
        assert f"error[{code}]" in text


def test_findings_come_by_file_and_line() -> None:
    unknown = when("applicant.smal", id="c")
    lines = {
        "a__toml": HEAD.replace('"640200"', '"64"') + group("doc/othr") + ENTRY + amount(fixed="1")
        + entry("second", recipient='["shop"]') + unknown + FIXED,
        "b__toml": OTHER + "[parameters]\nx = '5 + 5'\n" + define("d", "value = 'nothing'") + ONE,
        "vocabulary__toml": VOCABULARIES["E255 order"],
    }  # fmt: skip
    assert [finding.labels[0].span.source.path for finding in found_in(**lines)] == (
        ["a.toml"] * 5 + ["b.toml"] * 2 + ["vocabulary.toml"]
    )
    starts = [(span.source.path, span.start) for span in
              (finding.labels[0].span for finding in found_in(**lines))]  # fmt: skip
    assert starts == sorted(starts)


def test_the_same_file_twice_counts_once(tmp_path: Path) -> None:
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "vocabulary.toml").write_text(VOCABULARY, "utf-8")
        (tmp_path / folder / "a.toml").write_text(HEAD + ONE, "utf-8")
    both = load_rules([tmp_path / "one", tmp_path / "two", tmp_path / "one" / "a.toml"])
    assert list(both.incentives) == ["doc/award"]


def test_a_path_that_is_not_there_and_a_folder_without_rules(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(RulebookError) as found:
        load_rules([tmp_path / "empty", tmp_path / "missing"])
    messages = [finding.message.replace(str(tmp_path), "…") for finding in found.value.findings]
    assert messages == ["…/empty holds no .toml file", "…/missing does not exist"]


def test_a_vocabulary_that_cannot_be_read_makes_no_false_findings() -> None:
    text = load(a__toml=HEAD + ENTRY + when("applicant.smal") + FIXED, vocabulary__toml="[x")
    assert re.findall(r"error\[(E\d+)\]", text) == ["E001"]


def test_an_id_of_a_file_that_cannot_be_read_is_no_false_finding() -> None:
    text = load(vocabulary__toml=VOCABULARY, b__toml=OTHER + ONE + "=",
                a__toml=HEAD + ENTRY + when('granted("doc2/award")') + FIXED)  # fmt: skip
    assert re.findall(r"error\[(E\d+)\]", text) == ["E001"]


def test_every_code_of_the_rules_has_a_bad_example(repository: Path) -> None:
    raised = set()
    for path in (repository / "src" / "incentives").rglob("*.py"):
        if "catalogue" not in path.parts:
            raised |= set(re.findall(r'"(E2\d\d)"', path.read_text("utf-8")))
    language = GOLDEN.parents[1] / "language" / "findings.txt"
    shown = " ".join([*sections(GOLDEN).values(), *sections(language).values()])
    assert raised == set(re.findall(r"error\[(E2\d\d)\]", shown))


# ── what is wrong behind something else that is wrong ────────────────────────


def test_a_misspelt_key_does_not_hide_faults_inside_the_file() -> None:
    body = (
        ENTRY
        + when("applicant.smal")
        + "[incentive.amount]\nbase = 'applicant.spent'\nraet = '10%'\n"
    )
    assert re.findall(r"error\[(E\d+)\]", error(body)) == ["E216", "E216", "E102"]
    inside = ENTRY + when("applicant.small") + "[incentive.amount]\nfixd = 'applicant.spent'\n"
    told = error(inside)
    assert re.findall(r"error\[(E\d+)\]", told) == ["E102", "E216"]
    moved = (
        ENTRY.replace('clause = "二"\n', "")
        + "[incentive.amount]\nfixed = '1元'\nclause = \"二\"\n"
    )
    assert re.findall(r"error\[(E\d+)\]", error(moved)) == ["E102"]


def test_what_is_wrong_under_a_misspelt_key_is_shown_where_it_stands() -> None:
    told = error(ENTRY + amount(base="applicant.spend", rate="10%", capp="applicant.spent"))
    assert "capp = 'applicant.spent'\n   |         ^^^^^^^^^^^^^^^ not in the vocabulary" in told
    assert re.findall(r"error\[(E\d+)\]", told) == ["E102", "E216"]


def test_an_unknown_key_that_means_nothing_keeps_the_file_from_being_checked() -> None:
    body = ENTRY + when("applicant.smal") + 'colour = "red"\n' + FIXED
    assert re.findall(r"error\[(E\d+)\]", error(body)) == ["E102"]


def test_a_directory_that_is_not_there_is_one_finding(tmp_path: Path) -> None:
    path = tmp_path / "a.toml"
    path.write_text(HEAD + ENTRY + when("applicant.small") + FIXED, "utf-8")
    with pytest.raises(RulebookError) as caught:
        load_rules([tmp_path / "none", path])
    assert [finding.code for finding in caught.value.findings] == ["E003"]


def test_the_order_of_vocabulary_files_has_no_meaning() -> None:
    first = (
        '[[definition]]\nid = "ample"\nname = { zh = "充足" }\nvalue = \'applicant.spend > most\'\n'
    )
    first += '[[definition]]\nid = "thin"\nname = { zh = "不足" }\nvalue = \'not rich\'\n'
    second = 'format = 1\n[parameters]\nmost = "1万元"\n[entity.applicant]\nlabel = { zh = "申报主体", en = "Applicant" }\n'
    second += '[[definition]]\nid = "rich"\nname = { zh = "富" }\nvalue = \'ample\'\n'
    body = HEAD + ENTRY + when("thin") + FIXED
    digests = set()
    for names in (
        ("a/vocabulary.toml", "b/vocabulary.toml"),
        ("b/vocabulary.toml", "a/vocabulary.toml"),
    ):
        one, other = Source(names[0], VOCABULARY + first), Source(names[1], second)
        digests.add(meaning_digest(build_rules([one, other, Source("a.toml", body)])))
    assert len(digests) == 1


def test_a_parameter_that_is_wrong_is_told_once() -> None:
    body = ENTRY + "[incentive.parameters]\nrate = '10%'\ntop = '5万'\n"
    body += amount(base="applicant.spend", rate="rate", cap="top")
    with pytest.raises(RulebookError) as caught:
        rules(body)
    assert [each.code for each in caught.value.findings] == ["E230"]
