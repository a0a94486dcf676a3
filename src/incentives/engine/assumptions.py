"""What an assessment takes for granted, said aloud."""

from __future__ import annotations

from typing import TYPE_CHECKING

from incentives.language.core import Text
from incentives.language.names import DECIDED, RECEIVED
from incentives.rulebook.model import Document, Note
from incentives.values.money import Money
from incentives.values.rounding import Mode

if TYPE_CHECKING:
    from collections.abc import Iterable

    from incentives.engine.assess import Options
    from incentives.rulebook.profile import Profile

_ROUNDING = {
    Mode.DOWN: Text("舍去尾数", "rounding down"),
    Mode.UP: Text("进位", "rounding up"),
    Mode.HALF_UP: Text("四舍五入", "rounding half up"),
    Mode.HALF_EVEN: Text("四舍六入五成双", "rounding half to even"),
}


def assumptions_of(
    profile: Profile, options: Options, documents: Iterable[Document]
) -> tuple[Note, ...]:
    """Return what is assumed: a past nobody stated, open beginnings, roundings no clause states.

    ``documents`` are those with an applicable decision.
    """
    notes = []
    absent = any(profile.lists[name] is None for name in (RECEIVED, DECIDED))
    if options.assume_no_history and absent:
        says = Text(
            "假定此前没有领取过任何资助、也没有作出过任何核定",
            "It is assumed that nothing was received or decided before",
        )
        notes.append(Note("history", says))
    return (*notes, *assumed_of(documents, options))


def assumed_of(documents: Iterable[Document], options: Options) -> tuple[Note, ...]:
    """Return what is assumed about documents: open beginnings, roundings no clause states."""
    notes = []
    for document in {document.id: document for document in documents}.values():
        title = document.title
        if document.effective.since is None:
            says = Text(
                f"《{title.zh}》未载明起始日期，按早已生效处理",
                f"{title.get('en')} does not say when it begins;"
                " it is taken to be in force before the date",
            )
            notes.append(Note("effective-from", says))
        if options.known_on is not None and document.published is None:
            says = Text(
                f"《{title.zh}》未载明公布日期，按自施行之日起即已知悉处理",
                f"{title.get('en')} does not say when it was published;"
                " it is taken to be known since it took effect",
            )
            notes.append(Note("published", says))
        rounding = document.rounding
        if rounding is not None and rounding.basis == "assumed":
            quantum = Money(rounding.quantum)
            says = Text(
                f"《{title.zh}》未载明尾数处理，按{_ROUNDING[rounding.mode].zh}到{quantum}计",
                f"{title.get('en')} does not say how to round;"
                f" {_ROUNDING[rounding.mode].get('en')} to {quantum} is assumed",
            )
            notes.append(Note("rounding", says))
    return tuple(notes)
