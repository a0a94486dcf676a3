"""How many questions an interview takes, over random profiles: `python -m tests.reference.interviews`.

Three orders are held against each other: the most valuable question first; the
missing facts in the order of the vocabulary; and every fact of the vocabulary in
that order, as a form would have it, until nothing is missing. All three begin
with an empty profile and get the same answers.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from datetime import date
from typing import TYPE_CHECKING, Any

from tests.facts import Facts

import incentives
from incentives.advice.interview import Interview
from incentives.advice.questions import Question, best_question, questions

if TYPE_CHECKING:
    from collections.abc import Mapping

    from incentives.api import Rulebook
    from incentives.engine.results import Assessment
    from incentives.rulebook.profile import Profile

DAY = date(2024, 6, 1)


def value(full: Mapping[str, Any], question: Question, profile: Profile) -> Any:
    """Return what a full profile states for a question; `None` where it states nothing."""
    if question.spec is None:
        return [{} for _ in full[question.path]]
    table = full[question.entity]
    if isinstance(table, list):
        records = profile.lists[question.entity] or ()
        table = next(
            row
            for row, record in zip(table, records, strict=True)
            if question.path.startswith(f"{record.path}.")
        )
    found = table.get(question.spec.name)
    if not question.spec.series:
        return found
    years = {str(year): each for year, each in (found or {}).items()}
    return years.get(question.path[-4:])


def in_file_order(assessment: Assessment, aside: set[str]) -> Question | None:
    """Return the missing fact that stands first in the vocabulary."""
    found = [q for q in questions(assessment) if q.can_be_asked and q.path not in aside]
    return min(found, key=lambda question: question.order, default=None)


def interview(rulebook: Rulebook, full: Mapping[str, Any], choose: Any) -> tuple[int, float]:
    """Return how many questions were asked, and the longest time between two of them."""
    talk = Interview(
        {},
        rulebook.vocabulary,
        lambda profile: rulebook.assess(profile, DAY, assume_no_history=True),
    )
    aside: set[str] = set()
    longest = 0.0
    while True:
        begun = time.perf_counter()
        question = choose(talk.assessment, aside)
        if question is None:
            return talk.asked, longest
        raw = value(full, question, talk.assessment.profile)
        aside.add(question.path)
        if raw is not None:
            talk.put(question, raw)
        longest = max(longest, time.perf_counter() - begun)


def every_fact(rulebook: Rulebook, full: Mapping[str, Any]) -> int:
    """Return how many facts of the vocabulary are asked, in its order, until nothing is missing."""
    known: dict[str, Any] = {"applicant": {}}
    lists = {name: rows for name, rows in full.items() if isinstance(rows, list)}
    asked = 0

    def settled() -> bool:
        assessment = rulebook.assess(known, DAY, assume_no_history=True)
        return all(set(decision.missing) <= {"decided"} for decision in assessment)

    for name in rulebook.vocabulary.specs["applicant"]:
        if settled():
            return asked
        if name in full["applicant"]:
            known["applicant"][name] = full["applicant"][name]
            asked += 1
    for name, rows in lists.items():
        if settled():
            return asked
        known[name] = rows
        asked += 1 + sum(len(row) for row in rows)
    return asked


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--profiles", type=int, default=20)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    rulebook = incentives.load()
    facts = Facts(rulebook.rules)
    rng = random.Random(options.seed)
    counts: dict[str, list[int]] = {"valuable": [], "file": [], "form": []}
    longest = 0.0
    for _ in range(options.profiles):
        full = facts.data(rng, 1.0)
        full["applicant"]["kind"] = rng.choice(("enterprise", full["applicant"]["kind"]))
        for name, choose in (("valuable", best_question), ("file", in_file_order)):
            asked, slow = interview(rulebook, full, choose)
            counts[name].append(asked)
            longest = max(longest, slow) if name == "valuable" else longest
        counts["form"].append(every_fact(rulebook, full))
    for name, found in counts.items():
        mean, middle = sum(found) / len(found), sorted(found)[len(found) // 2]
        sys.stdout.write(f"{name:10} mean {mean:6.1f}  median {middle:4}  most {max(found):4}\n")
    sys.stdout.write(f"longest wait between two questions: {longest:.2f} s\n")


if __name__ == "__main__":
    main()
