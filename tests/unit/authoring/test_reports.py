"""Findings for programs: the shape that SARIF prescribes, and what a build log must escape."""

from __future__ import annotations

from typing import Any

import pytest
from tests.unit.authoring.rulebooks import RULES, VOCABULARY, changed, rulebook

from incentives.authoring import reports
from incentives.authoring.lint import lint_rules
from incentives.authoring.mending import edited
from incentives.diagnostics import Edit, Finding, Label, RulebookError, Severity, Source, Span

jsonschema = pytest.importorskip("jsonschema")

TEXT = {
    "type": "object",
    "properties": {"text": {"type": "string"}},
    "required": ["text"],
    "additionalProperties": False,
}
AT_LEAST_ONE = {"type": "integer", "minimum": 1}
REGION = {
    "type": "object",
    "properties": dict.fromkeys(("startLine", "startColumn", "endLine", "endColumn"), AT_LEAST_ONE),
    "required": ["startLine"],
    "additionalProperties": False,
}
ARTIFACT = {
    "type": "object",
    "properties": {
        "uri": {"type": "string", "format": "uri-reference", "pattern": r"^[!#-;=?-\[\]_a-z~%]+$"}
    },
    "required": ["uri"],
    "additionalProperties": False,
}
LOCATION = {
    "type": "object",
    "properties": {
        "physicalLocation": {
            "type": "object",
            "properties": {"artifactLocation": ARTIFACT, "region": REGION},
            "required": ["artifactLocation", "region"],
            "additionalProperties": False,
        },
        "message": TEXT,
    },
    "required": ["physicalLocation"],
    "additionalProperties": False,
}
LEVEL = {"enum": ["none", "note", "warning", "error"]}
RULE = {
    "type": "object",
    "properties": {
        "id": {"type": "string"},
        "shortDescription": TEXT,
        "fullDescription": TEXT,
        "help": TEXT,
        "defaultConfiguration": {
            "type": "object",
            "properties": {"level": LEVEL},
            "additionalProperties": False,
        },
    },
    "required": ["id"],
    "additionalProperties": False,
}
CHANGE = {
    "type": "object",
    "properties": {
        "artifactLocation": ARTIFACT,
        "replacements": {
            "type": "array",
            "minItems": 1,
            "items": {
                "type": "object",
                "properties": {"deletedRegion": REGION, "insertedContent": TEXT},
                "required": ["deletedRegion"],
                "additionalProperties": False,
            },
        },
    },
    "required": ["artifactLocation", "replacements"],
    "additionalProperties": False,
}
RESULT = {
    "type": "object",
    "properties": {
        "ruleId": {"type": "string"},
        "ruleIndex": {"type": "integer", "minimum": -1},
        "level": LEVEL,
        "message": TEXT,
        "locations": {"type": "array", "items": LOCATION},
        "relatedLocations": {"type": "array", "items": LOCATION},
        "fixes": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "artifactChanges": {"type": "array", "minItems": 1, "items": CHANGE}
                },
                "required": ["artifactChanges"],
                "additionalProperties": False,
            },
        },
    },
    "required": ["message"],
    "additionalProperties": False,
}
DRIVER = {
    "type": "object",
    "properties": {
        "name": {"type": "string"},
        "version": {"type": "string"},
        "language": {"type": "string", "pattern": "^[a-zA-Z]{2}(-[a-zA-Z]{2})?$"},
        "rules": {"type": "array", "uniqueItems": True, "items": RULE},
    },
    "required": ["name"],
    "additionalProperties": False,
}
RUN = {
    "type": "object",
    "properties": {
        "tool": {
            "type": "object",
            "properties": {"driver": DRIVER},
            "required": ["driver"],
            "additionalProperties": False,
        },
        "columnKind": {"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
        "results": {"type": "array", "items": RESULT},
    },
    "required": ["tool"],
    "additionalProperties": False,
}
SARIF = {  # the part of the official schema of SARIF 2.1.0 that is used, and closed
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "type": "object",
    "properties": {"$schema": {"type": "string", "format": "uri"}, "version": {"enum": ["2.1.0"]}, "runs": {"type": "array", "items": RUN}},
    "required": ["version", "runs"],
    "additionalProperties": False,
}  # fmt: skip

SLIPPED = changed("rate = 'rate'", "raet = 'rate'").replace(
    "'applicant.staff >=", "'applicant.staf >="
)
GAP = RULES + changed(
    'entitlement = "exact"',
    'entitlement = "exact"\neffective = { from = 2026-01-01 }',
    RULES[RULES.index("[[incentive]]") : RULES.index("[[incentive.case]]")],
)


def errors(rules: str) -> tuple[Finding, ...]:
    with pytest.raises(RulebookError) as caught:
        rulebook(rules)
    return caught.value.findings


def some_findings() -> list[tuple[Finding, ...]]:
    gap = changed(
        'entitlement = "exact"', 'entitlement = "exact"\neffective = { until = 2024-12-31 }', GAP
    )
    return [
        (),
        errors(SLIPPED),
        lint_rules(rulebook(changed('cap = "20万元"', 'cap = "20万元"\nspare = 3'))),
        lint_rules(rulebook(gap)),
        (Finding(code="E003", message="there is nothing", zh="什么也没有"),),
    ]


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize(
    "findings", some_findings(), ids=["none", "errors", "edits", "two-places", "no-place"]
)
def test_sarif_is_what_the_standard_prescribes(findings: tuple[Finding, ...], lang: str) -> None:
    log = reports.as_sarif(findings, lang, "1.2.3")
    jsonschema.Draft202012Validator.check_schema(SARIF)
    jsonschema.Draft202012Validator(SARIF).validate(log)
    (run,) = log["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert [rules[each["ruleIndex"]]["id"] for each in run["results"]] == [f.code for f in findings]


def test_a_schema_that_takes_everything_would_prove_nothing() -> None:
    log: Any = reports.as_sarif(errors(SLIPPED), "en", "1")
    log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["region"]["startLine"] = 0
    assert list(jsonschema.Draft202012Validator(SARIF).iter_errors(log))


def offset(text: str, line: int, column: int) -> int:
    return sum(len(each) + 1 for each in text.split("\n")[: line - 1]) + column - 1


@pytest.mark.parametrize("findings", some_findings()[1:3], ids=["errors", "edits"])
def test_regions_and_edits_can_be_applied_by_another_program(findings: tuple[Finding, ...]) -> None:
    data = reports.as_data(findings, "en")
    for finding, told in zip(findings, data["findings"], strict=True):
        for label, place in zip(finding.labels, told["places"], strict=True):
            text = label.span.source.text
            assert offset(text, place["line"], place["column"]) == label.span.start
            assert offset(text, place["end_line"], place["end_column"]) == label.span.end
        for edit, place in zip(finding.edits, told["edits"], strict=True):
            text = edit.span.source.text
            start = offset(text, place["line"], place["column"])
            end = offset(text, place["end_line"], place["end_column"])
            assert text[:start] + place["text"] + text[end:] == edited(text, [edit])


def test_paths_become_references() -> None:
    assert reports.uri("rules/a b%.toml") == "rules/a%20b%25.toml"
    assert reports.uri("规则/甲.toml") == "%E8%A7%84%E5%88%99/%E7%94%B2.toml"
    assert reports.uri("/r/a,b:c.toml") == "file:///r/a%2Cb%3Ac.toml"


def test_commands_are_escaped() -> None:
    source = Source("a,b:c%.toml", "一\nsecond\n")
    finding = Finding(
        code="W404", message="100%: a,b\nnext\r", zh="百分百", help="do\nthat", severity=Severity.WARNING,
        labels=(Label(Span(source, 2, 8)),), edits=(Edit(Span(source, 2, 8), ""),),
    )  # fmt: skip
    assert reports.as_commands([finding], "en") == (
        "::warning file=a%2Cb%3Ac%25.toml,line=2,endLine=2,col=1,endColumn=7,title=W404"
        "::100%25: a,b%0Anext%0D%0Ado%0Athat"
    )
    wide = Finding(code="E001", message="all", zh="全部", labels=(Label(Span(source, 0, 8)),))
    line = reports.as_commands([wide, Finding(code="E003", message="none", zh="没有")], "en")
    assert (
        line
        == "::error file=a%2Cb%3Ac%25.toml,line=1,endLine=2,title=E001::all\n::error title=E003::none"
    )


def test_the_text_is_that_of_the_language() -> None:
    (finding,) = lint_rules(rulebook(RULES, VOCABULARY + "[parameters]\nspare = 1\n"))
    assert "参数“spare”没有用到" in reports.as_commands([finding], "zh")
    assert "nothing uses the parameter" in reports.as_commands([finding], "en")
    assert reports.as_data([finding], "zh")["findings"][0]["help"].startswith("删去")
