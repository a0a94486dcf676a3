"""What readers accept and the engine gives fits the schemas; what has a wrong shape does not."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
import tomli

import incentives
from incentives.authoring.schema import NAMES, schema

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
        if path.name != "regions.toml":
            name = "vocabulary" if path.name == "vocabulary.toml" else "rules"
            assert errors(name, data, rulebook) == [], path.name


def test_a_misspelt_key_does_not_fit_the_schema_of_rules(rulebook: incentives.Rulebook) -> None:
    assert errors("rules", {"format": 1, "documnet": {}}, rulebook)


def test_assessments_fit_the_output_schema(repository: Path, rulebook: incentives.Rulebook) -> None:
    for path in examples(repository):
        for day in (date(2024, 6, 1), date(2026, 6, 1)):
            data = rulebook.assess(path, on=day, drafts=True).to_dict(explained=True)
            assert errors("output", data, rulebook) == [], path.name
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
