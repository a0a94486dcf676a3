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
