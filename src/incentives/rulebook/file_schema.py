"""The base of the file models: classes of annotated keys that pydantic's core validates.

A rule file is read in a process that may live for a tenth of a second. Importing
``pydantic`` and building fifty ``BaseModel`` classes takes longer than that, so
the models here are plain classes: ``validator`` turns their annotations into one
schema of ``pydantic_core`` at first use, strict, closed and frozen. The whole of
pydantic is imported for the JSON Schemas only.

The law kept here: the annotations are the only description of a model.
``model_json_schema`` describes the long forms; ``authoring/schema.py`` adds the
short ones that authors may write.

The trap: only the annotations that the models use are understood (see
``_schema``); anything else is an ``InternalError`` at first use, which
``tests/unit/rulebook/test_files.py`` provokes for every model.
"""

from __future__ import annotations

from datetime import date
from types import UnionType
from typing import (
    TYPE_CHECKING,
    Annotated,
    Any,
    ClassVar,
    Final,
    Literal,
    NoReturn,
    Self,
    Union,
    get_args,
    get_origin,
    get_type_hints,
)

from pydantic_core import SchemaValidator

from incentives.diagnostics import InternalError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_MISSING: Final = object()
_PLAIN: Final[dict[Any, str]] = {str: "str", int: "int", bool: "bool", date: "date", Any: "any"}


class Option:
    """What an annotation alone does not say of a key: its default, its name, its bounds."""

    __slots__ = ("alias", "bounds", "default", "factory")

    def __init__(
        self,
        default: Any = _MISSING,
        *,
        factory: Callable[[], Any] | None = None,
        alias: str | None = None,
        **bounds: int,
    ) -> None:
        self.default, self.factory = default, factory
        self.alias, self.bounds = alias, bounds

    @property
    def is_required(self) -> bool:
        """Whether the key must be there."""
        return self.default is _MISSING and self.factory is None


def option(
    default: Any = _MISSING,
    *,
    factory: Callable[[], Any] | None = None,
    alias: str | None = None,
    **bounds: int,
) -> Any:
    """Return the option of a key; typed ``Any`` so that it can stand where a default does."""
    return Option(default, factory=factory, alias=alias, **bounds)


class Pattern:
    """In ``Annotated[str, ...]``: a pattern that the text matches somewhere."""

    __slots__ = ("name", "pattern")

    def __init__(self, name: str, pattern: str) -> None:
        self.name, self.pattern = name, pattern


class Before:
    """In ``Annotated[..., ...]``: a function that gives a short form the long one."""

    __slots__ = ("function",)

    def __init__(self, function: Callable[[Any], Any]) -> None:
        self.function = function


class Model:
    """A table of a file. Made by ``model_validate`` only; frozen."""

    # The names under which pydantic's core leaves the values and what was given.
    __slots__ = (
        "__dict__",
        "__pydantic_extra__",
        "__pydantic_fields_set__",
        "__pydantic_private__",
    )
    model_config: ClassVar[dict[str, Any]] = {}

    @classmethod
    def model_validate(cls, data: Mapping[str, Any]) -> Self:
        """Return the model of a table. Raises ``pydantic_core.ValidationError``."""
        model: Self = validator(cls).validate_python(data)
        return model

    @classmethod
    def model_json_schema(cls) -> dict[str, Any]:
        """Return the JSON Schema (2020-12) of the table."""
        from pydantic.json_schema import GenerateJsonSchema

        return GenerateJsonSchema().generate(core_schema(cls))

    @property
    def model_fields_set(self) -> set[str]:
        """The names of the keys that were given."""
        given: set[str] = self.__pydantic_fields_set__  # type: ignore[attr-defined]
        return given

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError(f"{type(self).__name__} is frozen: {name!r} cannot be set")

    def __delattr__(self, name: str) -> NoReturn:
        raise AttributeError(f"{type(self).__name__} is frozen: {name!r} cannot be deleted")

    def __repr__(self) -> str:
        given = ", ".join(
            f"{name}={self.__dict__[name]!r}" for name in sorted(self.model_fields_set)
        )
        return f"{type(self).__name__}({given})"


_VALIDATORS: Final[dict[type[Model], SchemaValidator]] = {}
_KEYS: Final[dict[type[Model], dict[str, tuple[Any, Option]]]] = {}


def validator(model: type[Model]) -> SchemaValidator:
    """Return the validator of a model, built once."""
    found = _VALIDATORS.get(model)
    if found is None:
        found = _VALIDATORS[model] = SchemaValidator(core_schema(model), {"strict": True})
    return found


def core_schema(model: type[Model]) -> Any:
    """Return the schema of a model in the terms of ``pydantic_core``."""
    definitions: dict[str, dict[str, Any]] = {}
    top = _schema(model, definitions)
    return {"type": "definitions", "schema": top, "definitions": list(definitions.values())}


def keys(model: type[Model]) -> dict[str, tuple[Any, Option]]:
    """Return each key's annotation and option by its name in the file, in the order written."""
    if model in _KEYS:
        return _KEYS[model]
    hints = get_type_hints(model, include_extras=True)
    del hints["model_config"]
    found: dict[str, tuple[Any, Option]] = {}
    for name, annotation in hints.items():
        owner = next(
            base for base in model.__mro__ if name in vars(base).get("__annotations__", ())
        )
        given = vars(owner).get(name, _MISSING)
        chosen = given if isinstance(given, Option) else Option(given)
        found[chosen.alias or name] = (annotation, chosen)
    return _KEYS.setdefault(model, found)


def _model(model: type[Model], definitions: dict[str, dict[str, Any]]) -> dict[str, Any]:
    ref = model.__name__
    if ref not in definitions:
        definitions[ref] = {}  # the models of conditions contain one another
        fields = {}
        for name, (annotation, chosen) in keys(model).items():
            schema = _schema(annotation, definitions, chosen.bounds)
            if chosen.factory is not None:
                schema = {"type": "default", "schema": schema, "default_factory": chosen.factory}
                schema["validate_default"] = True  # an empty table becomes an empty model
            elif chosen.default is not _MISSING:
                schema = {"type": "default", "schema": schema, "default": chosen.default}
            attribute = f"{name}_" if chosen.alias else name
            fields[attribute] = {"type": "model-field", "schema": schema}
            if chosen.alias:
                fields[attribute]["validation_alias"] = name
        definitions[ref] = {
            "type": "model",
            "cls": model,
            "config": {"strict": True, "title": ref},
            "schema": {
                "type": "model-fields",
                "fields": fields,
                "model_name": ref,
                "extra_behavior": "forbid",
            },
            "ref": ref,
        }
    return {"type": "definition-ref", "schema_ref": ref}


def _schema(
    annotation: Any, definitions: dict[str, dict[str, Any]], bounds: Mapping[str, int] | None = None
) -> dict[str, Any]:
    """Return the schema of an annotation; ``bounds`` are those of the key that has it."""
    if isinstance(annotation, type) and issubclass(annotation, Model):
        return _model(annotation, definitions)
    if annotation in _PLAIN:
        return {"type": _PLAIN[annotation], **(bounds or {})}
    origin, args = get_origin(annotation), get_args(annotation)
    if origin is Literal:
        return {"type": "literal", "expected": list(args)}
    if origin is tuple and args[1:] == (...,):
        items = _schema(args[0], definitions)
        # A list in TOML and a tuple in the model: the only thing that is not taken strictly.
        return {
            "type": "tuple", "items_schema": [items], "variadic_item_index": 0,
            "strict": False, **(bounds or {}),
        }  # fmt: skip
    if origin is dict:
        key, value = (_schema(arg, definitions) for arg in args)
        return {"type": "dict", "keys_schema": key, "values_schema": value}
    if origin in {Union, UnionType}:
        some = [arg for arg in args if arg is not type(None)]
        choices = [_schema(arg, definitions, bounds) for arg in some]
        schema = choices[0] if len(choices) == 1 else {"type": "union", "choices": choices}
        return {"type": "nullable", "schema": schema} if len(some) < len(args) else schema
    if origin is Annotated and isinstance(args[1], Before):
        inner = _schema(args[0], definitions, bounds)
        function = {"type": "no-info", "function": args[1].function}
        return {"type": "function-before", "function": function, "schema": inner}
    if origin is Annotated and isinstance(args[1], Pattern):
        name, pattern = args[1].name, args[1].pattern
        definitions.setdefault(name, {"type": "str", "pattern": pattern, "ref": name})
        return {"type": "definition-ref", "schema_ref": name}
    raise InternalError(f"no schema for the annotation {annotation!r}")
