"""JSON Schemas (2020-12) of what goes in and what comes out.

``output`` describes the JSON of ``check`` by hand, because it is a contract;
``profile`` is made from the vocabulary; ``rules`` and ``vocabulary`` from the
models that read the files. Descriptions are Chinese, then English.

Not promised: that whatever fits a schema is accepted. A schema knows shapes;
check characters, units and expressions are for the readers to judge. The
reverse is promised: what a reader accepts fits its schema
(``tests/unit/authoring/test_schema.py``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from incentives.authoring.schema_between import BETWEEN, FILLED, narrowed
from incentives.authoring.schema_output import output_schema
from incentives.rulebook.file_schema import Model, core_schema
from incentives.rulebook.file_words import words_of
from incentives.rulebook.files import RegionsFile, RuleFile, VocabularyFile
from incentives.rulebook.profile import MAX_ITEMS
from incentives.values.types import ORDERED, Kind

if TYPE_CHECKING:
    from incentives.authoring.loaded import Loaded
    from incentives.language.core import Text
    from incentives.language.names import EntitySpec, FactSpec
    from incentives.rulebook.model import Vocabulary

Schema = dict[str, Any]
DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
NAMES: Final = ("output", "profile", "rules", "vocabulary", "regions")

_DIGIT: Final = "[0-9０-９]"
_SCALARS: Final[dict[Kind, list[Schema]]] = {
    Kind.BOOL: [{"type": "boolean"}],
    Kind.COUNT: [{"type": "integer"}],
    Kind.RATIO: [{"type": "string", "pattern": _DIGIT}, {"type": "integer"}],
    Kind.MONEY: [{"type": "string", "pattern": "[元圆角分整正]"}],
    Kind.DATE: [{"type": "string", "pattern": _DIGIT + "{4}"}],
    Kind.REGION: [{"type": "string", "pattern": r"^\s*[0-9]{6}\s*$"}],
    Kind.INDUSTRY: [{"type": "string", "pattern": r"^\s*([A-T][0-9]{0,4}|[0-9]{2,4})\s*$"}],
    Kind.TEXT: [{"type": "string"}],
}
_HOW: Final[dict[Kind, tuple[str, str]]] = {
    Kind.BOOL: ("true（是）或 false（否）", "true or false"),
    Kind.COUNT: ("整数，不带引号", "a whole number without quotes"),
    Kind.RATIO: ('比例，如 "3.5%"', 'a ratio such as "3.5%"'),
    Kind.MONEY: ('金额，须带单位，如 "20万元"', 'an amount with its unit, such as "20万元"'),
    Kind.DATE: ("日期，如 2024-05-01", "a date such as 2024-05-01"),
    Kind.CHOICE: ("选项之一", "one of the choices"),
    Kind.REGION: ("行政区划代码，六位数字", "a region code: six digits of GB/T 2260"),
    Kind.INDUSTRY: ('行业代码，如 "C39"', 'an industry of GB/T 4754, such as "C39"'),
    Kind.TEXT: ("文本", "text"),
}


def schema(name: str, rulebook: Loaded) -> Schema:
    """Return the JSON Schema of ``output``, ``profile``, ``rules``, ``vocabulary`` or ``regions``.

    Raises:
        ValueError: there is no schema of that name.
    """
    match name:
        case "output":
            found = output_schema()
        case "profile":
            found = profile_schema(rulebook.rules.vocabulary)
        case "rules":
            found = _file_schema(
                RuleFile, "一份政策文件的规则（LANGUAGE 第5节）", "The rules of one policy document"
            )
        case "vocabulary":
            found = _file_schema(
                VocabularyFile, "词汇表：主体和事实", "The vocabulary: entities and their facts"
            )
        case "regions":
            found = _file_schema(
                RegionsFile, "行政区划代码（GB/T 2260）", "Codes of regions (GB/T 2260)"
            )
        case _:
            raise ValueError(f"there is no schema {name!r}; one of: {', '.join(NAMES)}")
    return {"$schema": DIALECT, **found}


# ── profiles ─────────────────────────────────────────────────────────────────


def profile_schema(vocabulary: Vocabulary) -> Schema:
    """Return the schema of a profile as JSON, or as TOML read into JSON values.

    Every fact may be left out, ``null`` or blank: it is unknown then.
    """
    entities = {
        name: _entity(entity, vocabulary.specs[name])
        for name, entity in vocabulary.entities.items()
    }
    return {
        "title": "profile",
        "description": "申报资料：没有填写的事实是未知，不是零，也不是否\n"
        "A profile: a fact that is left out is unknown, never zero and never no",
        "type": "object",
        "properties": entities,
        "additionalProperties": False,
    }


def _entity(entity: EntitySpec, specs: Any) -> Schema:
    table: Schema = {
        "type": "object",
        "properties": {name: _fact(spec) for name, spec in specs.items()},
        "additionalProperties": False,
    }
    label = {"description": _both(entity.label)}
    if not entity.many:
        return {**label, **table}
    return {**label, "type": ["array", "null"], "items": table, "maxItems": MAX_ITEMS}


def _fact(spec: FactSpec) -> Schema:
    zh, en = _HOW[spec.type.kind]
    words = "".join(
        f"\n{word}: {text.zh} / {text.get('en')}" for word, text in spec.choices.items()
    )
    description = f"{spec.label.zh}（{zh}）\n{spec.label.get('en')} ({en}){words}"
    value = {"anyOf": [*_values(spec), {"type": "null"}, {"type": "string", "pattern": r"^\s*$"}]}
    if not spec.series:
        return {"description": description, **value}
    return {
        "description": description + "\n按年填写\none value a year",
        "type": ["object", "null"],
        "patternProperties": {"^[0-9]{4}$": value},
        "additionalProperties": False,
    }


def _values(spec: FactSpec) -> list[Schema]:
    kind = spec.type.kind
    if kind is Kind.CHOICE:
        return [{"enum": list(spec.choices)}]
    scalars = _SCALARS[kind]
    if kind is Kind.COUNT:
        ends = {"minimum": spec.lo, "maximum": spec.hi}
        scalars = [{"type": "integer", **{k: v for k, v in ends.items() if isinstance(v, int)}}]
    if kind not in ORDERED:
        return scalars
    end = scalars[0] if len(scalars) == 1 else {"anyOf": scalars}
    bounds: Schema = {
        "type": "object",
        "description": "只知道范围\nknown within bounds",
        "properties": {"at_least": end, "at_most": end},
        "additionalProperties": False,
        "minProperties": 1,
    }
    return [*scalars, bounds]


def _both(text: Text) -> str:
    return f"{text.zh}\n{text.get('en')}"


# ── files ────────────────────────────────────────────────────────────────────


def _file_schema(model: type[Model], zh: str, en: str) -> Schema:
    """Return the schema of a file: closed tables, and the short forms authors may write."""
    from pydantic.json_schema import GenerateJsonSchema

    class Generate(GenerateJsonSchema):
        def model_schema(self, schema: Any) -> Any:
            return _described(schema["cls"], super().model_schema(schema))

        def model_fields_schema(self, schema: Any) -> Any:
            return {**super().model_fields_schema(schema), "additionalProperties": False}

        def function_before_schema(self, schema: Any) -> Any:
            long = super().function_before_schema(schema)
            short = _SHORT[schema["function"]["function"].__name__]
            return {"anyOf": [*short, long]} if short else long

    found = Generate().generate(core_schema(model))
    definitions = found["$defs"]
    if "ParameterValues" in definitions:
        definitions["ParameterValues"] = _parameter()
    return {**found, "title": model.__name__, "description": f"{zh}\n{en}"}


def _described(model: type[Model], table: Schema) -> Schema:
    """Return the schema of a table with what each key is for, in both languages."""
    bases = tuple(base.__name__ for base in model.__mro__[1:])
    described = {}
    for key, value in table["properties"].items():
        words = words_of(model.__name__, bases, key)
        if words is None:
            described[key] = value
            continue
        zh, en, *examples = words
        narrow = narrowed(model.__name__, key, _without_null(value))
        described[key] = {"description": f"{zh}\n{en}", **narrow}
        if examples:
            described[key]["examples"] = examples
    table.pop("description", None)
    return {**table, "properties": described, **BETWEEN.get(model.__name__, {})}


def _without_null(value: Schema) -> Schema:
    """Return a key's schema without what TOML lacks: null, and the title made of its name."""
    kept = {name: part for name, part in value.items() if name != "title"}
    if kept.get("default", ...) is None:
        del kept["default"]
    choices = [choice for choice in kept.get("anyOf", ()) if choice != {"type": "null"}]
    if "anyOf" in kept:
        del kept["anyOf"]
        kept |= choices[0] if len(choices) == 1 else {"anyOf": choices}
    return kept


_VALUES: Final[list[Schema]] = [
    FILLED,
    {"type": "integer"},
    {"type": "array", "minItems": 1, "items": {"anyOf": [FILLED, {"type": "integer"}]}},
]
_SHORT: Final[dict[str, list[Schema]]] = {
    "_texts": [FILLED],
    "_when": [FILLED],
    "incentive_only": [FILLED],
    "_pays": [FILLED, {"type": "array", "minItems": 1, "items": FILLED}],
    "_parameter": [],
}


def _parameter() -> Schema:
    """Return the schema of a parameter: a value, a value with its clause, or dated values."""
    one = {"$ref": "#/$defs/DatedValue"}
    return {
        "title": "Parameter",
        "description": "参数：一个值、带条款的值，或按日期分段的值\n"
        "A parameter: a value, a value with its clause, or values by date",
        "anyOf": [*_VALUES, one, {"type": "array", "minItems": 1, "items": one}],
    }
