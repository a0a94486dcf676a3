"""Every public name explains itself: what it is, its arguments, what it raises."""

from __future__ import annotations

import inspect
import re
from typing import TYPE_CHECKING, Any, Final

import pytest

import incentives

if TYPE_CHECKING:
    from collections.abc import Iterator


def members() -> Iterator[tuple[str, Any]]:
    """Yield the dotted name and value of every public name, and of its public members."""
    for name in incentives.__all__:
        value = getattr(incentives, name)
        yield name, value
        if inspect.isclass(value) and not issubclass(value, BaseException):
            for member, found in inspect.getmembers(value):
                if not member.startswith("_") and _own(value, member):
                    yield f"{name}.{member}", found


def _own(owner: type, member: str) -> bool:
    """Say whether a class of this package defines the member."""
    home = next(each for each in owner.__mro__ if member in each.__dict__)
    return home.__module__.startswith("incentives")


MEMBERS: Final = dict(members())
CALLABLE: Final = {
    name: value
    for name, value in MEMBERS.items()
    if inspect.isfunction(value) or inspect.ismethod(value)
}


def test_there_is_a_public_interface() -> None:
    assert {"load", "Rulebook.assess", "Decision.explain", "Money.parse"} <= set(MEMBERS)


@pytest.mark.parametrize("name", MEMBERS)
def test_every_public_name_has_a_docstring(name: str) -> None:
    value = MEMBERS[name]
    if name.startswith("Status.") or not (callable(value) or isinstance(value, property)):
        return  # members of an enumeration and fields: their class tells
    text = inspect.getdoc(value)
    assert text, name
    assert text.splitlines()[0].endswith("."), name


@pytest.mark.parametrize("name", CALLABLE)
def test_what_a_docstring_names_is_an_argument(name: str) -> None:
    text = inspect.getdoc(CALLABLE[name]) or ""
    listed = re.search(r"^Args:\n((?:    .*\n?|\n)+)", text, re.MULTILINE)
    named = set(re.findall(r"^    (\w+):", listed[1], re.MULTILINE)) if listed else set()
    taken = set(inspect.signature(CALLABLE[name]).parameters) - {"self"}
    assert named <= taken
    if len(taken - {"lang"}) > 1:  # one argument is told in the sentence
        assert taken - named <= {"lang"} or all(each in text for each in taken - named), name
