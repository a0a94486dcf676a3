"""What a schema of rule files says beyond the single keys: which go together, and names.

The models of files describe keys one by one; ``rulebook/file_checks.py`` and the
lowering refuse what does not go together. Here the same is written for editors, so
that a missing ``when`` or a cap without a unit is underlined while it is typed.

The law kept (``tests/unit/authoring/test_schema.py``): whatever is refused here is
refused by the loader too. The trap: a schema sees JSON, where a date is a text.
"""

from __future__ import annotations

from typing import Any, Final

Schema = dict[str, Any]

NAME: Final = "^[a-z][a-z0-9_]*$"
DAY: Final = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
REGION: Final = "^[0-9]{6}$"
FILLED: Final[Schema] = {"type": "string", "pattern": r"\S"}


def _one_of(*names: str) -> Schema:
    """Return that exactly one of these keys is there."""
    return {"oneOf": [{"required": [name]} for name in names]}


def _when(key: str, value: Any, then: Schema, otherwise: Schema | None = None) -> Schema:
    """Return what holds where a key has a value (or one of a list)."""
    test = {"enum": value} if isinstance(value, list) else {"const": value}
    found: Schema = {"if": {"properties": {key: test}, "required": [key]}, "then": then}
    return found if otherwise is None else {**found, "else": otherwise}


def _without(*names: str) -> Schema:
    return {"not": {"anyOf": [{"required": [name]} for name in names]}}


_STEP: Final[Schema] = {"not": {"required": ["up_to", "below"]}}

BETWEEN: Final[dict[str, Schema]] = {
    "AcceptModel": {
        "anyOf": [
            {"required": [key], "properties": {key: {"minItems": 1}}}
            for key in ("mutation", "lint")
        ]
    },
    "AmountModel": {
        **_one_of("fixed", "base", "bands", "table", "formula"),
        "dependentRequired": {"base": ["rate"], "rate": ["base"], "hit": ["table"]},
    },
    "BandStep": _STEP,
    "BudgetModel": {
        **_one_of("amount", "places"),
        "dependentRequired": {"amount": ["rule"], "places": ["rank_by"]},
    },
    "ConditionModel": {
        **_one_of("when", "unless", "all", "any"),
        "dependentRequired": {"at_least": ["any"]},
    },
    "DefinitionModel": _one_of("value", "lookup"),
    "DocumentModel": _when(
        "legal_status",
        "repealed",
        {
            "required": ["effective"],
            "properties": {"effective": {"required": ["until"]}},
        },
    ),
    "FactModel": {
        "allOf": [
            _when("type", "choice", {"required": ["choices"]}, _without("choices")),
            _when("type", ["bool", "choice", "region", "industry", "text"], _without("min", "max")),
        ]
    },
    "GroupModel": _when("rule", "cap", {"required": ["limit"]}, _without("limit")),
    "IncentiveModel": {
        "dependentRequired": {"distinct": ["keep", "each"], "keep": ["distinct"]},
        "allOf": [
            _when("entitlement", ["exact", "up_to"], {"required": ["amount"]}),
            _when("entitlement", ["by_reference", "none", "exploratory"], _without("amount")),
        ],
    },
    "InstalmentModel": _one_of("share", "amount"),
    "LookupStep": _STEP,
    "PeriodModel": {"dependentRequired": {"until_published": ["until"]}},
    "RowModel": _one_of("when", "otherwise"),
}
"""By the name of a model: what holds between its keys."""

_MONEY: Final[Schema] = {
    "type": "string",
    "pattern": r"\S",
    "not": {"pattern": r"^\s*[+-]?([0-9,]*[1-9][0-9,]*(\.[0-9]+)?|[0-9,]+\.[0-9]+)\s*$"},
}
"""Money, or an expression of it: a text, and no number without a unit."""

KEYS: Final[dict[tuple[str, str], Schema]] = {
    **{("AmountModel", key): _MONEY for key in ("fixed", "floor", "cap", "less", "minimum")},
    **{(model, "when"): FILLED for model in ("RowModel", "OverrideModel", "InstalmentModel")},
    ("BudgetModel", "amount"): _MONEY,
    ("ConditionModel", "all"): {"minItems": 1},
    ("ConditionModel", "any"): {"minItems": 1},
    ("ConditionModel", "unless"): FILLED,
    ("ConditionModel", "when"): FILLED,
    ("DefinitionModel", "id"): {"pattern": NAME},
    ("DocumentModel", "jurisdiction"): {"pattern": REGION},
    ("FactModel", "choices"): {"minProperties": 1},
    ("GroupModel", "limit"): _MONEY,
    ("RegionsFile", "region"): {"propertyNames": {"pattern": REGION}},
    ("RowModel", "amount"): _MONEY,
    ("TotalModel", "cap"): _MONEY,
    ("VocabularyFile", "entity"): {"propertyNames": {"pattern": NAME}},
    ("VocabularyFile", "fact"): {
        "propertyNames": {"pattern": NAME},
        "additionalProperties": {"propertyNames": {"pattern": NAME}},
    },
}
"""What holds of one key beyond its type."""

_NAMED: Final[Schema] = {"required": ["id", "says"]}


def narrowed(model: str, key: str, value: Schema) -> Schema:
    """Return the schema of a key with what holds of it beyond its type."""
    more = [KEYS[model, key]] if (model, key) in KEYS else []
    if key == "parameters":
        more.append({"propertyNames": {"pattern": NAME}})
    if key == "condition":  # parts of one need neither id nor words of their own
        more.append({"items": _NAMED})
    return {**dated(value), "allOf": more} if more else dated(value)


def dated(value: Any) -> Any:
    """Return a schema in which a day looks like one, wherever it stands."""
    if isinstance(value, list):
        return [dated(part) for part in value]
    if not isinstance(value, dict):
        return value
    found = {name: dated(part) for name, part in value.items()}
    return found | {"pattern": DAY} if found.get("format") == "date" else found
