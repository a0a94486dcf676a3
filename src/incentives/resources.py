"""Where the shipped rules and examples lie, and which version this is.

In a wheel they are inside the package (``incentives/rules``); in a checkout
they stand beside ``src``. The package's own place is tried first, so that an
installed library never picks up a directory that happens to lie near it.

Only finds paths and reads no file. Plain paths, not ``importlib.resources``:
wheels are installed unpacked, and everything that loads rules takes a path.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from incentives.diagnostics import IncentivesError, InternalError

__version__: Final = "0.1.0"
PACKAGE: Final = Path(__file__).resolve().parent


class UnknownExampleError(IncentivesError, LookupError):
    """No shipped example has this name; the message offers the nearest, or all, as ``offered``."""

    name: str = ""
    offered: tuple[str, ...] = ()


def rules_path() -> Path:
    """Return the directory of the shipped rules.

    Raises ``InternalError`` when the installation lacks it.
    """
    return _directory("rules", PACKAGE)


def examples_path() -> Path:
    """Return the directory of the shipped example profiles.

    Raises ``InternalError`` when the installation lacks it.
    """
    return _directory("examples", PACKAGE)


def example_path(name: str) -> Path:
    """Return the file of the example ``name`` (without ``.toml``).

    Raises ``UnknownExampleError`` for any other text: a name never becomes a
    path that leaves the directory.
    """
    known = {path.stem: path for path in sorted(examples_path().glob("*.toml"))}
    if name in known:
        return known[name]
    from difflib import get_close_matches  # only a mistake pays for it

    near = get_close_matches(name, known, n=1)
    hint = f"did you mean {near[0]!r}?" if near else f"there are: {', '.join(known) or 'none'}"
    error = UnknownExampleError(f"no example is called {name!r}; {hint}")
    error.name, error.offered = name, tuple(near or known)
    raise error


def _directory(name: str, package: Path) -> Path:
    places = [package / name]
    if package.parent.name == "src":
        places.append(package.parents[1] / name)
    for place in places:
        if place.is_dir():
            return place
    raise InternalError(f"the installation lacks its directory {name!r}: install incentives again")
