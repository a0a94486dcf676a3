"""What pydantic says about a file, said again for whoever wrote the file.

Imported only when something is wrong. One finding for one fault: the members of
a union complain once, and a misspelt key is not also reported as missing.

The law kept here: every error of pydantic's core becomes a finding with a place;
an unknown kind of error is E109 with pydantic's own sentence, never lost.

The trap: an error's ``loc`` has more parts than the file has (the tags of
unions, the long form of parameters). ``_path`` keeps those that lead somewhere.
"""

from __future__ import annotations

import unicodedata
from copy import deepcopy
from difflib import get_close_matches
from types import UnionType
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal, Union, get_args, get_origin

from incentives.diagnostics import Edit, Finding, Label, Pair, fault
from incentives.rulebook.file_parts import ParameterValues
from incentives.rulebook.file_schema import Before, Model, keys
from incentives.rulebook.toml import MAX_FINDINGS, iso_day

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from pydantic_core import ErrorDetails, ValidationError

    from incentives.rulebook.locate import Locator, Path

_EXPECTED: Final[dict[str, Pair]] = {
    "string_type": ("a text", "文本"),
    "int_type": ("a whole number", "整数"),
    "int_from_float": ("a whole number", "整数"),
    "bool_type": ("true or false", "true 或 false"),
    "date_type": ("a date", "日期"),
    "date_from_datetime_inexact": ("a date", "日期"),
    "tuple_type": ("a list", "列表"),
    "list_type": ("a list", "列表"),
    "dict_type": ("a table", "表"),
    "model_type": ("a table", "表"),
    "model_attributes_type": ("a table", "表"),
}
_NOT_TEXTS: Final = ('write { zh = "…", en = "…" }', '写成 { zh = "…", en = "…" }')


def translate(
    model: type[Model], error: ValidationError, data: dict[str, Any], locator: Locator
) -> list[Finding]:
    """Return the findings for everything that pydantic's core found wrong with ``data``."""
    errors = error.errors(include_url=False, include_context=True)
    return _Translator(model, data, locator).findings(errors[: MAX_FINDINGS + 1])


def respelt(
    model: type[Model], error: ValidationError, data: dict[str, Any], locator: Locator
) -> dict[str, Any] | None:
    """Return a copy of ``data`` with every wrong key under the name it probably means.

    ``None`` when anything else is wrong, or a key means nothing. The places of what
    is moved are found under the new name too.
    """
    errors = error.errors(include_url=False, include_context=True)
    if len(errors) > MAX_FINDINGS:
        return None
    translator = _Translator(model, data, locator)
    moves: list[tuple[Path, Path]] = []
    for each in errors:
        path = _path(data, each["loc"])
        if each["type"] == "extra_forbidden":
            moves.append((path, translator.unknown_key(path)[1]))
        elif each["type"] != "missing":
            return None
    copied = deepcopy(data)
    for old, new in moves:
        target = _raw(copied, new[:-1])
        if old == new or not isinstance(target, dict) or new[-1] in target:
            return None
        target[new[-1]] = _raw(copied, old[:-1]).pop(old[-1])
        locator.rename(old, new)
    return copied if moves else None


class _Translator:
    def __init__(self, model: type[Model], data: dict[str, Any], locator: Locator) -> None:
        self.model, self.data, self.locator = model, data, locator

    def findings(self, errors: Sequence[ErrorDetails]) -> list[Finding]:
        out: list[Finding] = []
        wrong: dict[Path, list[ErrorDetails]] = {}
        meant: set[Path] = set()  # keys that are there under a misspelt name
        missing: list[Path] = []
        for error in errors:
            path = _path(self.data, error["loc"])
            kind = error["type"]
            if kind == "missing":
                missing.append((*path, error["loc"][-1]))
            elif kind == "extra_forbidden":
                finding, intended = self.unknown_key(path)
                out.append(finding)
                meant.add(intended)
            elif kind in _EXPECTED:
                wrong.setdefault(path, []).append(error)
            else:
                out.append(self.other(kind, error, path))
        out += [self.missing(path) for path in missing if path not in meant]
        out += [self.wrong_type(path, group) for path, group in wrong.items()]
        return out

    def finding(
        self,
        code: str,
        message: Pair,
        path: Path,
        *,
        help: Pair | None = None,
        note: Pair = ("", ""),
        instead: str | None = None,
    ) -> Finding:
        """Return a finding about the value at ``path``; every text is a pair, English and Chinese.

        ``instead`` is what mends it in that place, where that takes no judgement.
        """
        span = self.locator.span(path)
        edits = () if instead is None else (Edit(span, instead),)
        return fault(code, message, Label(span, *note), help=help, edits=edits)

    # ------------------------------------------------------------ keys

    def missing(self, path: Path) -> Finding:
        (where, zh), key = _shown(path[:-1]), path[-1]
        return self.finding(
            "E101",
            (f"{where} has no `{key}`", f"{zh}缺少“{key}”"),
            path[:-1],
            note=("in this table", "在这个表里"),
            help=(f"add `{key}`", f"补上“{key}”"),
        )

    def unknown_key(self, path: Path) -> tuple[Finding, Path]:
        """Return the finding and the path that was probably meant."""
        name = str(path[-1])
        known = [str(key) for key in self.known(path[:-1])]
        near = nearest(name, known)
        others = [key for key in known if key not in self.table(path[:-1])]
        intended = (*path[:-1], near or name)
        edits: tuple[Edit, ...] = ()
        span = self.locator.key_span(path)
        if (outer := self.above(path)) is not None:
            here = _header(path[:-1])
            help = (
                f"`{name}` stands inside `{here}`: move it above",
                f"“{name}”落在 {here} 里了：移到它的上面",
            )
            intended = (*outer, name)
        elif (table := self.below(path)) is not None:
            there = _header((*path[:-1], table))
            help = f"`{name}` belongs to `{there}`", f"“{name}”应写在 {there} 里"
        elif near is not None:
            help = f"did you mean `{near}`?", f"是否应为“{near}”？"
            if near in others and (near in self.lacking(path[:-1]) or only_one_near(name, others)):
                edits = tuple(Edit(place, near) for place in self.locator.mentions(path))
        else:
            help = (
                f"it may have: {', '.join(others) or 'nothing more'}",
                f"可以有：{'、'.join(others) or '没有别的了'}",
            )
        where, zh = _shown(path[:-1])
        message = f"{where} has no key `{name}`", f"{zh}没有“{name}”这个键"
        return fault("E102", message, Label(span), help=help, edits=edits), intended

    def lacking(self, path: Path) -> set[str]:
        """Return the keys that this table must have and has not."""
        given = self.table(path)
        known = self.keys_at(path).items()
        return {key for key, (_, chosen) in known if chosen.is_required and key not in given}

    def above(self, path: Path) -> Path | None:
        """Return the table around this one that may have the key."""
        outer = path[:-1]
        while outer:
            outer = outer[:-1]
            if path[-1] in self.known(outer) and not _is_list(_raw(self.data, outer)):
                return outer
        return None

    def below(self, path: Path) -> str | None:
        """Say which table in this one has the key."""
        for key, (annotation, _) in self.keys_at(path[:-1]).items():
            target = _model_of(annotation)
            if target is not None and not _tables_of_names(annotation) and path[-1] in keys(target):
                return key
        return None

    def keys_at(self, path: Path) -> dict[str, Any]:
        model = _model_at(self.model, path)
        return {} if model is None else dict(keys(model))

    def known(self, path: Path) -> Collection[str | int]:
        model = _model_at(self.model, path)
        if model is ParameterValues:
            return ("value", "clause")
        return () if model is None else keys(model)

    def table(self, path: Path) -> dict[str, Any]:
        node: Any = self.data
        for part in path:
            node = node[part]
        return node if isinstance(node, dict) else {}

    # ------------------------------------------------------------ values

    def wrong_type(self, path: Path, errors: list[ErrorDetails]) -> Finding:
        found = _raw(self.data, path)
        expected = list(dict.fromkeys(_EXPECTED[error["type"]] for error in errors))
        *some, last = (en for en, _ in expected)
        wanted = f"{', '.join(some)} or {last}" if some else last
        wanted_zh = "或".join(zh for _, zh in expected)
        wants_texts = any(
            error["type"].startswith("model") and error.get("ctx", {}).get("class_name") == "Texts"
            for error in errors
        )
        kinds = {error["type"] for error in errors}
        help: Pair | None = None
        instead: str | None = None
        if wants_texts:
            help = _NOT_TEXTS
        elif isinstance(found, str) and iso_day(found) and "date_type" in kinds:
            help = f"a date has no quotation marks: {found}", f"日期不加引号：{found}"
            instead = found
        elif isinstance(found, str) and found in {"true", "false"} and "bool_type" in kinds:
            help = f"write {found} without quotation marks", f"{found} 不加引号"
            instead = found
        elif "tuple_type" in kinds and isinstance(found, dict):
            help = (
                f"write `[[{_dotted(path)}]]`, or a list in brackets",
                f"写成 [[{_dotted(path)}]]，或用方括号写成列表",
            )
        elif "tuple_type" in kinds and isinstance(found, str):
            help = f'write ["{found[:40]}"]', f'写成 ["{found[:40]}"]'
        elif isinstance(found, list) and kinds <= {"model_type", "dict_type"}:
            help = (
                f"write `[{_dotted(path)}]`: there is one only",
                f"写成 [{_dotted(path)}]：只能有一个",
            )
        elif isinstance(found, (int, bool)) and kinds == {"string_type"}:
            text = str(found).lower()
            help = f'write "{text}" in quotation marks', f'加上引号："{text}"'
        en, zh = _kind(found)
        return self.finding(
            "E104",
            (
                f"`{_dotted(path)}` is {wanted}, not {en}",
                f"“{_dotted(path)}”应为{wanted_zh}，不能是{zh}",
            ),
            path,
            help=help,
            instead=instead,
        )

    def other(self, kind: str, error: ErrorDetails, path: Path) -> Finding:
        name, found = _dotted(path), _raw(self.data, path)
        if kind == "literal_error":
            return self.not_a_choice(path, found)
        if kind == "string_pattern_mismatch" and error["ctx"]["pattern"] == r"\S":
            return self.finding(
                "E107",
                (f"`{name}` is empty", f"“{name}”是空的"),
                path,
                help=("write it or delete the key", "填写，或删去这个键"),
            )
        if kind == "string_pattern_mismatch":
            near = "".join(
                char if char.isascii() and char.isalnum() else "-" for char in str(found).lower()
            ).strip("-")
            return self.finding(
                "E103",
                (f"`{name}` is no id: {found[:60]!r}", f"“{name}”不是合格的编号：{found[:60]!r}"),
                path,
                note=(
                    "small letters, digits and -; a letter or digit first",
                    "小写字母、数字和 -，以字母或数字开头",
                ),
                help=(f'write "{near[:60]}"', f'写成 "{near[:60]}"') if near else None,
            )
        if kind == "too_short":
            return self.finding("E107", (f"`{name}` is an empty list", f"“{name}”是空列表"), path)
        if kind == "greater_than_equal":
            least = error["ctx"]["ge"]
            message = f"`{name}` is at least {least}", f"“{name}”不能小于{least}"
            return self.finding("E105", message, path)
        return self.finding(
            "E109",
            (f"`{name}`: {error['msg']}", f"“{name}”有误（校验器报“{error['msg']}”）"),
            path,
        )

    def not_a_choice(self, path: Path, found: Any) -> Finding:
        model = _model_at(self.model, path[:-1])
        annotation = keys(model)[str(path[-1])][0] if model is not None else None
        choices = list(_literals(annotation))
        words = [str(choice).lower() for choice in choices]
        near = (
            nearest(found, [c for c in choices if isinstance(c, str)])
            if (isinstance(found, str))
            else None
        )
        return self.finding(
            "E105",
            (
                f"`{_dotted(path)}` cannot be {_quoted(found)}",
                f"“{_dotted(path)}”不能是 {_quoted(found)}",
            ),
            path,
            note=(f"one of: {', '.join(words)}", f"可选：{'、'.join(words)}")
            if len(words) > 1
            else (f"only {''.join(words)}", f"只能是 {''.join(words)}"),
            help=(f'did you mean "{near}"?', f"是否应为“{near}”？") if near else None,
        )


def nearest(name: str, known: Iterable[str]) -> str | None:
    """Return the known word that ``name`` probably means."""
    plain = unicodedata.normalize("NFKC", name).strip().lower().replace("-", "_")
    words = {word.replace("-", "_"): word for word in known}
    if plain in words:
        return words[plain]
    if plain.removesuffix("s") in words:
        return words[plain.removesuffix("s")]
    found = get_close_matches(plain, words, n=1)
    return words[found[0]] if found else None


def only_one_near(name: str, known: Iterable[str]) -> bool:
    """Say whether no second word is nearly as near: only then is a slip mended unasked."""
    plain = unicodedata.normalize("NFKC", name).strip().lower().replace("-", "_")
    return len(get_close_matches(plain, [word.replace("-", "_") for word in known], n=2)) == 1


def _path(data: Any, loc: Sequence[str | int]) -> Path:
    """Return the parts of ``loc`` that lead somewhere in the data."""
    node: Any = data
    path: list[str | int] = []
    for part in loc:
        fits = part in node if isinstance(node, dict) else False
        if isinstance(node, list) and isinstance(part, int):
            fits = part < len(node)
        if fits:
            node = node[part]
            path.append(part)
    return tuple(path)


def _is_list(found: Any) -> bool:
    return isinstance(found, list)


def _raw(data: Any, path: Path) -> Any:
    for part in path:
        data = data[part]
    return data


def _model_at(model: type[Model] | None, path: Path) -> type[Model] | None:
    """Return the model of the table at a path of a file."""
    names = 0  # tables whose keys are names: `fact.<entity>.<name>` has two
    for part in path:
        if isinstance(part, int):
            continue
        if names:
            names -= 1
            continue
        if model is None or part not in keys(model):
            return None
        annotation = keys(model)[part][0]
        names = _tables_of_names(annotation)
        model = _model_of(annotation)
    return None if names else model


def _args(annotation: Any) -> Iterable[Any]:
    origin = get_origin(annotation)
    if origin in {Union, UnionType, tuple}:
        return get_args(annotation)
    if origin is dict:
        return get_args(annotation)[1:]
    if origin is Annotated and isinstance(get_args(annotation)[1], Before):
        return get_args(annotation)[:1]
    return ()


def _model_of(annotation: Any) -> type[Model] | None:
    if isinstance(annotation, type) and issubclass(annotation, Model):
        return annotation
    return next((found for arg in _args(annotation) if (found := _model_of(arg))), None)


def _tables_of_names(annotation: Any) -> int:
    if get_origin(annotation) is dict:
        return 1 + _tables_of_names(get_args(annotation)[1])
    return max((_tables_of_names(arg) for arg in _args(annotation)), default=0)


def _literals(annotation: Any) -> Iterable[Any]:
    if get_origin(annotation) is Literal:
        yield from get_args(annotation)
    for arg in _args(annotation):
        yield from _literals(arg)


def _dotted(path: Path) -> str:
    return ".".join(str(part) for part in path if not isinstance(part, int))


def _header(path: Path) -> str:
    return f"[{_dotted(path)}]"


def _shown(path: Path) -> Pair:
    return (f"`{_header(path)}`", f"{_header(path)} ") if path else ("the file", "文件")


def _kind(found: Any) -> Pair:
    match found:
        case bool():
            return "true or false", "true 或 false"
        case str():
            return "a text", "文本"
        case int():
            return "a number", "数字"
        case list():
            return "a list", "列表"
        case dict():
            return "a table", "表"
        case _:
            return "a date", "日期"


def _quoted(found: Any) -> str:
    return f'"{found[:60]}"' if isinstance(found, str) else str(found).lower()[:60]
