"""An interview: one question after another, until nothing that is left can change the outcome.

Holds what was answered, as a person would write it into a profile, and asks the
library's own profile reader about each answer: what a file may say, an answer may
say, and nothing else. Speaks to nobody: the command line prints and reads.

The law kept (``tests/property/test_questions.py``): after the last question no
decision is undetermined, but for what was not known and what cannot be computed.

The trap: an answer can make a new question. A list whose length is told has
items, and each item has facts of its own.
"""

from __future__ import annotations

import re
from copy import deepcopy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from incentives.advice.questions import best_question
from incentives.explain.replay import rules_of
from incentives.language.names import DECIDED, RECEIVED
from incentives.rulebook.facts import FactError, read_fact
from incentives.rulebook.profile import Profile
from incentives.rulebook.regions import named, nearest, nowhere
from incentives.values.codes import is_region
from incentives.values.types import Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from incentives.advice.questions import Question
    from incentives.engine.results import Assessment
    from incentives.language.names import FactSpec
    from incentives.rulebook.model import Vocabulary

MOST_ITEMS = 200
_YES = {"是", "有", "对", "y", "yes", "true", "t", "1"}
_NO = {"否", "无", "没有", "不是", "n", "no", "false", "f", "0"}


_NONE = {"无", "没有", "否", "none", "no", "0"}


@dataclass(frozen=True, slots=True)
class _Step:
    """What was known before an answer, to go back to."""

    data: dict[str, Any]
    skipped: frozenset[str]
    asked: int


class Interview:
    """Asks for missing facts and keeps the answers.

    Args:
        data: what is known already, as in a profile file.
        vocabulary: what may be stated.
        assess: returns the assessment of a profile.
    """

    def __init__(
        self,
        data: Mapping[str, Any],
        vocabulary: Vocabulary,
        assess: Callable[[Profile], Assessment],
    ) -> None:
        self.data: dict[str, Any] = deepcopy(dict(data))
        self.vocabulary = vocabulary
        self.asked = 0
        self._assess = assess
        self._skipped: frozenset[str] = frozenset()
        self._steps: list[_Step] = []
        self.assessment = self._again()

    def _again(self) -> Assessment:
        return self._assess(Profile(self.data, self.vocabulary, allow_extra=True))

    # ── asking ───────────────────────────────────────────────────────────────

    def next(self) -> Question | None:
        """Return the most valuable question that was not put aside; ``None`` when done."""
        return best_question(self.assessment, self._skipped)

    @property
    def put_aside(self) -> int:
        """How many of the facts that were put aside can still change the outcome."""
        return len(self._skipped & {path for each in self.assessment for path in each.missing})

    @property
    def can_go_back(self) -> bool:
        """Whether there is an answer to take back."""
        return bool(self._steps)

    def back(self) -> None:
        """Take back the last answer, or the last "not known"."""
        step = self._steps.pop()
        self.data, self._skipped, self.asked = step.data, step.skipped, step.asked
        self.assessment = self._again()

    def skip(self, question: Question) -> None:
        """Put a question aside: the answer is not known."""
        self._keep()
        self._skipped |= {question.path}

    def answer(self, question: Question, text: str) -> None:
        """Take an answer as it was typed.

        Raises:
            FactError: the answer cannot be taken; it says why in both languages.
        """
        if question.asks_which:
            raw: Any = [{"incentive": each} for each in self._named(question, text.strip())]
        elif question.spec is None:
            raw = [{} for _ in range(_length(text))]
        else:
            raw = self.read(question.spec, text, question.path)
        self.put(question, raw)

    def put(self, question: Question, raw: Any) -> None:
        """Take an answer as a profile would state it."""
        self._keep()
        self.asked += 1
        self._put(question, raw)
        self.assessment = self._again()
        if question.path in {path for each in self.assessment for path in each.missing}:
            self._skipped |= {question.path}  # stated, and still too coarse or within bounds

    def _keep(self) -> None:
        self._steps.append(_Step(deepcopy(self.data), self._skipped, self.asked))

    # ── answers as a profile states them ─────────────────────────────────────

    def read(self, spec: FactSpec, text: str, path: str) -> Any:
        """Return what a profile would state for a typed answer.

        Raises:
            FactError: it is not one that this fact can have.
        """
        raw = _raw(spec, text.strip())
        if spec.type.kind is Kind.CHOICE:
            raw = _word(spec, text.strip())
        if spec.type.kind is Kind.REGION:
            raw = self._code(text.strip())
        if spec.entity in {RECEIVED, DECIDED} and spec.name == "incentive":
            raw = self._incentive(text.strip())
        read_fact(spec, raw, path)
        return raw

    def _incentive(self, text: str) -> str:
        """Return the id of an incentive given by its name or the end of its id; else the text.

        A payment may be one that the rules do not know.
        """
        rules = rules_of(self.assessment).incentives.values()
        found = [
            rule.id
            for rule in rules
            if text in {rule.id, rule.id.partition("/")[2], rule.name.zh, rule.name.get("en")}
        ]
        return found[0] if len(found) == 1 else text

    def _named(self, question: Question, text: str) -> list[str]:
        """Return the incentives that an answer names, by number, name or id; one may come twice.

        Raises:
            FactError: it names something else.
        """
        ids = question.incentives
        if text.lower() in _NONE:
            return []
        whole = self._incentive(text)
        if whole in ids:
            return [whole]
        found = []
        for part in filter(None, re.split(r"[、，,；;\s]+", text)):
            is_number = part.isdecimal() and len(part) < 6 and 1 <= int(part) <= len(ids)
            name = ids[int(part) - 1] if is_number else self._incentive(part)
            if name not in ids:
                raise FactError(
                    "E320",
                    f"{part[:40]!r} is none of those listed",
                    f"“{part[:40]}”不在所列事项之中",
                    (
                        "write their numbers, such as 1, 3; or none",
                        "填序号，如 1、3；都没有核定，填“无”",
                    ),
                )
            found.append(name)
        return found

    def _code(self, text: str) -> str:
        """Return the code of a region given by its name, or the one name that begins so."""
        regions = self.vocabulary.regions
        found = named(text, regions)
        code = found[0] if len(found) == 1 else text
        doubted = nowhere(code, regions) if is_region(code) else None
        if doubted is not None:
            near = nearest(code, regions)
            zh = "、".join(f"{one.code}（{one.name.zh}）" for one in near)
            en = ", ".join(f"{one.code} ({one.name.get('en')})" for one in near)
            help = (f"such as {en}", f"如 {zh}") if near else None
            raise FactError("E325", *doubted, help=help)
        return code

    def _put(self, question: Question, raw: Any) -> None:
        if question.spec is None:
            self.data[question.path] = raw
            return
        table = self._table(question)
        if question.spec.series:
            year = question.path.rpartition(".")[2]
            known = {
                str(key): value for key, value in (table.get(question.spec.name) or {}).items()
            }
            table[question.spec.name] = {**known, year: raw}
        else:
            table[question.spec.name] = raw

    def _table(self, question: Question) -> dict[str, Any]:
        """Return the table that a fact belongs to, made where there is none."""
        entity = question.entity
        if not self.vocabulary.entities[entity].many:
            self.data[entity] = dict(self.data.get(entity) or {})
            table: dict[str, Any] = self.data[entity]
            return table
        items = self.data[entity] = [dict(item) for item in self.data[entity]]
        records = self.assessment.profile.lists[entity] or ()
        at = next(
            index
            for index, record in enumerate(records)
            if question.path.startswith(f"{record.path}.")
        )
        found: dict[str, Any] = items[at]
        return found


def _raw(spec: FactSpec, text: str) -> Any:
    """Return a typed answer in the type that a profile would have."""
    word = text.lower()
    match spec.type.kind:
        case Kind.BOOL if word in _YES:
            return True
        case Kind.BOOL if word in _NO:
            return False
        case Kind.COUNT:
            digits = text.replace(",", "").replace("，", "")
            is_number = digits.removeprefix("-").isdecimal() and len(digits) < 19
            return int(digits) if is_number else text
        case Kind.INDUSTRY:
            return text.upper()
        case _:
            return text


def _word(spec: FactSpec, text: str) -> str:
    """Return the word of a choice: given itself, by its label, or by its number in the list."""
    words = list(spec.choices)
    if text.isdecimal() and text not in spec.choices and 1 <= int(text) <= len(words):
        return words[int(text) - 1]
    for word, label in spec.choices.items():
        if text.lower() in {word.lower(), label.zh.lower(), label.get("en").lower()}:
            return word
    return text


def _length(text: str) -> int:
    """Return how many items a list has.

    Raises:
        FactError: it is no whole number, or too many to ask about.
    """
    plain = text.strip()
    if plain.lower() in _NONE:
        return 0
    if not plain.isdecimal() or len(plain) > 6:
        raise FactError(
            "E313",
            f"how many is a whole number, not {plain[:40]!r}",
            f"此处应填个数（整数），不能是“{plain[:40]}”",
            ("write 0 where there are none", "没有请填 0"),
        )
    count = int(plain)
    if count > MOST_ITEMS:
        raise FactError(
            "E303",
            f"{count} items are too many to ask about one by one",
            f"{count} 项太多，不便逐项询问",
            ("write them into the profile file", "请写入资料文件"),
        )
    return count
