"""What readers accept and the engine gives fits the schemas; what has a wrong shape does not."""

from __future__ import annotations

import importlib.util
import json
import shutil
import subprocess
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
import tomli
from tests.reference import generate
from tests.small import ENTRY, HEAD, VOCABULARY, amount, entry, faults

import incentives
from incentives.authoring.schema import NAMES, schema
from incentives.rulebook import files
from incentives.rulebook.file_schema import Model, keys
from incentives.rulebook.file_words import SHARED, WORDS, words_of

if TYPE_CHECKING:
    from pathlib import Path

jsonschema = pytest.importorskip("jsonschema")


@pytest.fixture(scope="module")
def rulebook() -> incentives.Rulebook:
    return incentives.load()


def jsonable(value: Any) -> Any:
    """Return TOML data as JSON data: dates become texts."""
    return json.loads(json.dumps(value, default=date.isoformat, ensure_ascii=False))


def errors(name: str, data: Any, rulebook: incentives.Rulebook) -> list[str]:
    validator = jsonschema.Draft202012Validator(schema(name, rulebook))
    return [f"{error.json_path}: {error.message}" for error in validator.iter_errors(data)]


@pytest.mark.parametrize("name", NAMES)
def test_schemas_are_schemas_with_descriptions(name: str, rulebook: incentives.Rulebook) -> None:
    found = schema(name, rulebook)
    jsonschema.Draft202012Validator.check_schema(found)
    assert found["$schema"].endswith("2020-12/schema")
    assert "\n" in found["description"]  # Chinese, then English
    json.dumps(found)


def test_another_name_is_refused(rulebook: incentives.Rulebook) -> None:
    with pytest.raises(ValueError, match="profile"):
        schema("outptu", rulebook)


def examples(repository: Path) -> list[Path]:
    return sorted((repository / "examples").glob("*.toml"))


def test_examples_fit_the_profile_schema(repository: Path, rulebook: incentives.Rulebook) -> None:
    assert examples(repository)
    for path in examples(repository):
        data = jsonable(tomli.loads(path.read_text(encoding="utf-8")))
        assert errors("profile", data, rulebook) == [], path.name


@pytest.mark.parametrize(
    "data",
    [
        {"applicant": {"kind": "a firm"}},
        {"applicant": {"no_such_fact": 1}},
        {"applicant": {"region": 640200}},
        {"applicant": [{"kind": "enterprise"}]},
        {"contract": {"registration_no": "1"}},
        {"contract": [{"performed_amount": 1500000}]},
        {"contract": [{"performed_amount": {"about": "150万元"}}]},
        {"no_such_entity": {}},
    ],
)
def test_wrong_shapes_do_not_fit_the_profile_schema(
    data: Any, rulebook: incentives.Rulebook
) -> None:
    assert errors("profile", data, rulebook)
    with pytest.raises(incentives.ProfileError):
        rulebook.profile(data)


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"applicant": {"kind": None, "region": ""}},
        {"contract": []},
        {"contract": None},
        {"contract": [{"performed_amount": "１，５００万元"}]},
        {"contract": [{"performed_amount": {"at_least": "180万元", "at_most": "260万元"}}]},
    ],
)
def test_what_is_accepted_fits_the_profile_schema(data: Any, rulebook: incentives.Rulebook) -> None:
    rulebook.profile(data)
    assert errors("profile", data, rulebook) == []


def test_shipped_files_fit_the_schemas_of_files(
    repository: Path, rulebook: incentives.Rulebook
) -> None:
    for path in sorted((repository / "rules").glob("*.toml")):
        data = jsonable(tomli.loads(path.read_text(encoding="utf-8")))
        name = path.stem if path.stem in {"vocabulary", "regions"} else "rules"
        assert errors(name, data, rulebook) == [], path.name


def test_a_misspelt_key_does_not_fit_the_schema_of_rules(rulebook: incentives.Rulebook) -> None:
    assert errors("rules", {"format": 1, "documnet": {}}, rulebook)


def test_assessments_fit_the_output_schema(repository: Path, rulebook: incentives.Rulebook) -> None:
    for path in examples(repository)[::3]:  # the judge takes a second for each
        for day in (date(2024, 6, 1), date(2026, 6, 1)):
            data = rulebook.assess(path, on=day, drafts=True).to_dict()
            assert errors("output", data, rulebook) == [], path.name


def test_explained_decisions_fit_the_output_schema(
    repository: Path, rulebook: incentives.Rulebook
) -> None:
    award = "shizuishan-tech-city/technology-contract-award"
    assessment = rulebook.assess(
        repository / "examples/centre.toml", date(2024, 6, 1), only=[award]
    )
    data = assessment.to_dict(explained=True, full=True)
    data["decisions"] = [assessment[award].to_dict(explained=True)]
    assert errors("output", data, rulebook) == []
    data["explanation"]["blocks"][0]["lines"][0]["says"] = "one language"
    assert errors("output", data, rulebook)


@pytest.mark.parametrize(
    ("key", "value"),
    [("amount", "350,000.00"), ("amount", 350000), ("status", "maybe"), ("reason", "because")],
)
def test_a_broken_contract_does_not_fit(
    key: str, value: Any, repository: Path, rulebook: incentives.Rulebook
) -> None:
    data = rulebook.assess(examples(repository)[0], on=date(2024, 6, 1)).to_dict()
    data["decisions"][0][key] = value
    assert errors("output", data, rulebook)


# ── what the loader refuses, an editor underlines ────────────────────────────

FIXED = amount(fixed="1元")
ONE = ENTRY + FIXED
COND = '[[incentive.condition]]\nid = "c"\nsays = { zh = "丙", en = "C" }\n'
READING = '[[incentive.reading]]\nid = "r"\nsays = { zh = "读", en = "R" }\n'
CASE = '[[incentive.case]]\nname = "a"\non = 2024-06-01\nexpect = { status = "undetermined" }\n'
GROUP = '[[group]]\nid = "g"\nmembers = ["doc/award", "doc/other"]\nclause = "一"\n'
OTHER = entry("other") + FIXED
DEFINE = '[[definition]]\nid = "{}"\nname = {{ zh = "甲", en = "A" }}\n'
SPLIT = ('[[split]]\nid = "s"\nof = ["doc/award"]\nclause = "一"\nresidual = "640000"\n'
         'shares = [{ payer = "640000", share = "100%" }]\n')  # fmt: skip
WRONG_RULES = {
    "no clause": ENTRY.replace('clause = "二"\n', "") + FIXED,
    "no name": ENTRY.replace('name = { zh = "奖励", en = "Award" }\n', "") + FIXED,
    "no recipient": entry(recipient="[]") + FIXED,
    "unknown key": ENTRY + 'bonus = "1元"\n' + FIXED,
    "unknown key of an amount": ENTRY + FIXED + 'ceiling = "1元"\n',
    "unknown kind": entry(kind='"prize"') + FIXED,
    "id in capitals": entry("Award") + FIXED,
    "an exact one without amount": ENTRY,
    "an amount where there is none": entry(entitlement='"none"') + FIXED,
    "two sources": ENTRY + amount(fixed="1元", formula="applicant.spend"),
    "no source": ENTRY + amount(cap="1元"),
    "base without rate": ENTRY + amount(base="applicant.spend"),
    "rate without base": ENTRY + FIXED + 'rate = "1%"\n',
    "hit without table": ENTRY + FIXED + 'hit = "unique"\n',
    "money without unit": ENTRY + FIXED + 'cap = "1000000"\n',
    "money with a comma": ENTRY + FIXED + 'cap = "1,000"\n',
    "money as a decimal": ENTRY + FIXED + 'cap = "0.5"\n',
    "money as a number": ENTRY + "[incentive.amount]\nfixed = 5000\n",
    "a blank amount": ENTRY + amount(fixed=" "),
    "a cap over items without unit": ENTRY + FIXED + '[[incentive.total]]\ncap = "100"\n',
    "a condition without test": ENTRY + COND + FIXED,
    "a condition with two": ENTRY + COND + "when = 'applicant.small'\nunless = 'applicant.honest'\n"
    + FIXED,
    "a condition without id": ENTRY + COND.replace('id = "c"\n', "")
    + "when = 'applicant.small'\n" + FIXED,
    "a condition without words": ENTRY + COND.partition("says")[0] + "when = 'applicant.small'\n"
    + FIXED,
    "a condition of nothing": ENTRY + COND + "any = []\n" + FIXED,
    "a condition of a number": ENTRY + COND + "when = 5\n" + FIXED,
    "a blank part": ENTRY + COND + "any = ['applicant.small', ' ']\n" + FIXED,
    "at_least without any": ENTRY + COND + "when = 'applicant.small'\nat_least = 1\n" + FIXED,
    "distinct without keep": entry(each='"contract"', distinct="'contract.no'") + FIXED,
    "keep without distinct": entry(each='"contract"', keep='"first"') + FIXED,
    "a step with two bounds": ENTRY + "[incentive.amount]\nbands = { of = 'applicant.spend', "
    'mode = "whole", steps = [ { up_to = "1元", below = "2元", rate = "1%" }, { rate = "2%" } ] }\n',
    "a row without test": ENTRY + '[incentive.amount]\ntable = [ { amount = "1元" } ]\n',
    "an instalment of both": ENTRY + FIXED
    + '[[incentive.instalment]]\nshare = "50%"\namount = "1元"\n',
    "a budget of nothing": ENTRY + FIXED + '[incentive.budget]\nrule = "pro_rata"\n',
    "a budget without a rule": ENTRY + FIXED + '[incentive.budget]\namount = "1元"\n',
    "accepts nothing": ONE + '[[incentive.accept]]\nbecause = { zh = "因", en = "B" }\n',
    "an empty parameter": ENTRY + "[incentive.parameters]\ncap = []\n" + FIXED,
    "a blank parameter": ENTRY + '[incentive.parameters]\ncap = " "\n' + FIXED,
    "a name in capitals": ENTRY + '[incentive.parameters]\nCap = "1元"\n' + FIXED,
    "a date as words": entry(effective='{ from = "today" }') + FIXED,
    "an end without one": entry(effective="{ until_published = 2024-05-01 }") + FIXED,
    "a case without a date": ONE + CASE.replace("on = 2024-06-01\n", ""),
    "a case that expects nothing": ONE + CASE.replace('status = "undetermined" ', ""),
    "a reading without words": ONE + '[[incentive.reading]]\nid = "r"\n',
    "a reading with a bare condition": ONE + READING
    + '[[incentive.reading.condition]]\nid = "c"\n',
    "a cap without a limit": ONE + OTHER + GROUP + 'rule = "cap"\n',
    "a limit without a cap": ONE + OTHER + GROUP + 'rule = "highest"\nlimit = "1元"\n',
    "a limit without unit": ONE + OTHER + GROUP + 'rule = "cap"\nlimit = "100"\n',
    "a definition of nothing": DEFINE.format("a") + ONE,
    "a definition of both": DEFINE.format("a") + "value = 'applicant.spend'\n"
    "lookup = { of = 'applicant.spend', steps = [ { gives = 1 } ] }\n" + ONE,
    "a definition in capitals": DEFINE.format("Abc") + "value = 'applicant.spend'\n" + ONE,
    "a split without shares": ONE + SPLIT.partition("shares")[0],
    "a split of nothing": ONE + SPLIT.replace('"doc/award"', ""),
    "a table where a text belongs": entry(clause='{ zh = "二" }') + FIXED,
    "a text where a list belongs": entry(recipient='"firm"') + FIXED,
}  # fmt: skip
WRONG_HEADS = {
    "no title": HEAD.replace('title = { zh = "文件", en = "Document" }\n', ""),
    "a name for a code": HEAD.replace('"640200"', '"石嘴山"'),
    "five digits": HEAD.replace('"640200"', '"64020"'),
    "an unknown status": HEAD.replace("in_force", "valid"),
    "repealed for ever": HEAD.replace("in_force", "repealed").replace(", until = 2029-12-31", ""),
    "an unknown key": HEAD + 'author = "某"\n',
    "an unknown rounding": HEAD.replace("half_up", "nearest"),
    "another format": HEAD.replace("format = 1", "format = 2"),
}


@pytest.fixture(scope="module")
def rules_schema(rulebook: incentives.Rulebook) -> Any:
    return jsonschema.Draft202012Validator(schema("rules", rulebook))


@pytest.mark.parametrize("text", [*WRONG_RULES.values()], ids=[*WRONG_RULES])
def test_what_the_loader_refuses_does_not_fit(text: str, rules_schema: Any) -> None:
    assert faults(text), "the loader takes it"
    assert not rules_schema.is_valid(jsonable(tomli.loads(HEAD + text)))


@pytest.mark.parametrize("head", [*WRONG_HEADS.values()], ids=[*WRONG_HEADS])
def test_a_document_that_the_loader_refuses_does_not_fit(head: str, rules_schema: Any) -> None:
    assert faults(ONE, head=head), "the loader takes it"
    assert not rules_schema.is_valid(jsonable(tomli.loads(head + ONE)))


WRONG_VOCABULARIES = {
    "a choice without words": ('share = { type = "ratio"', 'share = { type = "choice"'),
    "words without a choice": ('small = { type = "bool",',
                               'small = { type = "bool", choices = { yes = { zh = "是" } },'),
    "bounds of a text": ('name = { type = "text"', 'name = { type = "text", min = 1'),
    "an unknown type": ('staff = { type = "count"', 'staff = { type = "number"'),
    "no label": ('staff = { type = "count", label = { zh = "人数" } }', 'staff = { type = "count" }'),
    "an unknown key": ('staff = { type = "count"', 'staff = { unit = "人", type = "count"'),
    "a fact in capitals": ("staff = {", "Staff = {"),
}  # fmt: skip


@pytest.mark.parametrize(("old", "new"), [*WRONG_VOCABULARIES.values()], ids=[*WRONG_VOCABULARIES])
def test_a_vocabulary_that_the_loader_refuses_does_not_fit(
    old: str, new: str, rulebook: incentives.Rulebook
) -> None:
    assert errors("vocabulary", jsonable(tomli.loads(VOCABULARY)), rulebook) == []
    text = VOCABULARY.replace(old, new)
    assert text != VOCABULARY
    assert faults(ONE, vocabulary=text), "the loader takes it"
    assert errors("vocabulary", jsonable(tomli.loads(text)), rulebook)


def test_regions_are_six_digits(rulebook: incentives.Rulebook) -> None:
    good = {"format": 1, "region": {"640200": {"name": {"zh": "石嘴山市"}}}}
    assert errors("regions", good, rulebook) == []
    assert errors("regions", {"format": 1, "region": {"6402": {"name": {"zh": "石"}}}}, rulebook)


@pytest.mark.parametrize("seed", range(20))
def test_rules_that_load_fit(seed: int, rulebook: incentives.Rulebook, rules_schema: Any) -> None:
    """The other direction, on random rulebooks: nobody is told that what loads is wrong."""
    for name, text in generate.rulebook(seed).items():
        data = jsonable(tomli.loads(text))
        if name == "vocabulary.toml":
            assert errors("vocabulary", data, rulebook) == []
        else:
            assert [error.message for error in rules_schema.iter_errors(data)] == []


@pytest.mark.parametrize(
    "text",
    [
        ONE,
        ENTRY + FIXED + 'cap = "0"\n',
        ENTRY + FIXED + "cap = 'applicant.spend'\n",
        entry(entitlement='"none"'),
        entry(entitlement='"case_by_case"'),
        ENTRY + COND + "any = ['applicant.small', { when = 'applicant.honest' }]\n" + FIXED,
        ONE + READING + "drop = []\nat_least = '1元'\n",
        ONE + CASE,
        ONE + OTHER + GROUP + 'rule = "cap"\nlimit = "1万元"\n',
        ENTRY + '[incentive.parameters]\ncap = ["1元", "2元"]\nday = 2024-06-01\n' + FIXED,
        ENTRY + '[incentive.parameters]\ncap = [{ until = 2022-12-31, value = "1万元" },'
        ' { from = 2023-01-01, value = "2万元" }]\n' + FIXED,
        ONE + '[[incentive.accept]]\nbecause = { zh = "因", en = "B" }\nmutation = []\n'
        'lint = ["W412"]\n',
    ],
)  # fmt: skip
def test_what_loads_fits(text: str, rules_schema: Any) -> None:
    assert not faults(text)
    data = jsonable(tomli.loads(HEAD + text))
    assert [error.message for error in rules_schema.iter_errors(data)] == []


# ── schemas of files: for editors ────────────────────────────────────────────

FILES = ("rules", "vocabulary", "regions")


def models() -> list[type[Model]]:
    found = [each for each in vars(files).values() if isinstance(each, type)]
    return [each for each in found if issubclass(each, Model) and each is not Model]


def test_every_key_of_every_model_has_its_words_and_none_is_left_over() -> None:
    used: set[tuple[str, str]] = set()
    for model in models():
        if model is files.ParameterValues:  # what it is written as has a schema of its own
            continue
        bases = tuple(base.__name__ for base in model.__mro__[1:])
        for key in keys(model):
            words = words_of(model.__name__, bases, key)
            assert words is not None, (model.__name__, key)
            zh, en = words[:2]
            assert any("一" <= char <= "鿿" for char in zh), (model.__name__, key)
            assert en.strip()
            used |= {(name, key) for name in (model.__name__, *bases, "")}
    assert {(name, key) for name, table in WORDS.items() for key in table} <= used
    assert {("", key) for key in SHARED} <= used


@pytest.mark.parametrize("name", FILES)
def test_every_key_of_a_file_is_described_in_both_languages(
    name: str, rulebook: incentives.Rulebook
) -> None:
    found = schema(name, rulebook)
    tables = [found, *found["$defs"].values()]
    described = [value for table in tables for value in table.get("properties", {}).values()]
    assert described
    for value in described:
        zh, _, en = value["description"].partition("\n")
        assert zh
        assert en
        assert "null" not in json.dumps(value)


@pytest.mark.parametrize("name", FILES)
def test_examples_fit_their_own_key(name: str, rulebook: incentives.Rulebook) -> None:
    found = schema(name, rulebook)
    for table in [found, *found["$defs"].values()]:
        for key, value in table.get("properties", {}).items():
            one = {**value, "$defs": found["$defs"]}
            for example in value.get("examples", ()):
                assert not list(jsonschema.Draft202012Validator(one).iter_errors(example)), key


def test_the_committed_schemas_are_what_the_generator_writes(
    repository: Path, rulebook: incentives.Rulebook
) -> None:
    spec = importlib.util.spec_from_file_location(
        "make_schemas", repository / "docs/make_schemas.py"
    )
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    made = module.files(rulebook)
    assert len(made) == len(NAMES) - 1  # but that of profiles
    for name, text in made.items():
        path = repository / "docs" / name
        assert path.read_text("utf-8") == text, f"{name}: run make catalogue"


def test_the_first_line_of_every_shipped_file_leads_to_its_schema(repository: Path) -> None:
    for path in sorted((repository / "rules").glob("*.toml")):
        first = path.read_text("utf-8").partition("\n")[0]
        name = path.stem if path.stem in FILES else "rules"
        assert first == f"#:schema ../docs/schemas/{name}.schema.json", path.name
        assert (path.parent / first.removeprefix("#:schema ")).is_file()


@pytest.mark.skipif(
    shutil.which("taplo") is None, reason="taplo is not installed (npm: @taplo/cli)"
)
def test_an_editor_takes_the_shipped_files_and_sees_a_slip(
    repository: Path, tmp_path: Path
) -> None:
    for name in ("rules", "docs/schemas"):
        shutil.copytree(repository / name, tmp_path / name)
    some = ["ningxia-vouchers-2021.toml", "vocabulary.toml", "regions.toml"]
    line = ["taplo", "check", *(f"rules/{name}" for name in some)]
    done = subprocess.run(line, cwd=tmp_path, capture_output=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr.decode()
    path = tmp_path / "rules" / some[0]
    path.write_text(path.read_text("utf-8").replace("\nclause", "\nclaus", 1), "utf-8")
    done = subprocess.run(line, cwd=tmp_path, capture_output=True, check=False, timeout=60)
    assert done.returncode != 0
    assert b"claus" in done.stderr
