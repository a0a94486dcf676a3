"""The house holds: imports point down the floors, and the sources keep the house rules.

Everything is read from the syntax trees of ``src``; nothing is imported.
"""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

REPOSITORY: Final = Path(__file__).resolve().parents[2]
PACKAGE: Final = REPOSITORY / "src" / "incentives"

# From the ground up. Within a floor a name may import those written before it.
FLOORS: Final = (
    ("diagnostics", "catalogue", "resources"),
    ("values", "tabular"),
    ("language",),
    ("rulebook",),
    ("engine", "batch"),
    ("explain", "advice", "office", "audit", "authoring"),
    ("api", "__init__"),  # `import incentives` stands on all of these and below the edges
    ("cli", "server", "__main__"),
)
ORDER: Final = tuple(name for floor in FLOORS for name in floor)
EDGE: Final = FLOORS[-1]

CLOCKS: Final = {"time", "locale", "random", "secrets", "uuid", "getpass", "platform", "socket"}
DISK: Final = {"open", "read_text", "read_bytes", "write_text", "write_bytes"}
MAY_USE_THE_DISK: Final = {"tabular", "rulebook", "batch", "office", "audit", *EDGE}

MODULES: Final = sorted(PACKAGE.rglob("*.py"))


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def name_of(path: Path) -> str:
    return ".".join(path.relative_to(REPOSITORY / "src").with_suffix("").parts)


def part_of(name: str) -> str:
    """Return which entry of ``ORDER`` a dotted name belongs to."""
    parts = name.split(".")
    return parts[1] if len(parts) > 1 else "__init__"


def imported(node: ast.AST) -> Iterator[str]:
    """Yield the dotted names that a statement imports."""
    match node:
        case ast.Import(names):
            yield from (alias.name for alias in names)
        case ast.ImportFrom(module=str(module), names=names, level=0):
            yield from (f"{module}.{alias.name}" for alias in names)
        case ast.ImportFrom(level=level) if level:
            yield "relative"


def own_imports(path: Path) -> Iterator[tuple[int, str]]:
    """Yield line and dotted name of each import from this package."""
    for node in ast.walk(tree(path)):
        for name in imported(node):
            if name == "relative" or name.split(".")[0] == "incentives":
                yield getattr(node, "lineno", 0), name


def is_module(name: str) -> bool:
    place = REPOSITORY / "src" / Path(*name.split("."))
    return place.is_dir() or place.with_suffix(".py").is_file()


def target(name: str) -> str:
    """Return the entry of ``ORDER`` that an import of ``name`` reaches."""
    return part_of(name) if name.count(".") > 1 or is_module(name) else "__init__"


def places(find: Callable[[ast.AST], bool], among: list[Path]) -> list[str]:
    """Return ``file:line`` of each node that ``find`` is true of."""
    return [
        f"{path.relative_to(REPOSITORY)}:{getattr(node, 'lineno', 0)}"
        for path in among
        for node in ast.walk(tree(path))
        if find(node)
    ]


def below_the_edge() -> list[Path]:
    return [path for path in MODULES if part_of(name_of(path)) not in EDGE]


def test_the_sources_are_found() -> None:
    assert PACKAGE / "diagnostics.py" in MODULES


def test_every_module_has_a_floor() -> None:
    assert {part_of(name_of(path)) for path in MODULES} <= set(ORDER)


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_imports_point_down(path: Path) -> None:
    own = ORDER.index(part_of(name_of(path)))
    climbing = [
        f"{path.relative_to(REPOSITORY)}:{line} imports {name}"
        for line, name in own_imports(path)
        if name == "relative" or ORDER.index(target(name)) > own
    ]
    assert climbing == []


def runtime_imports(path: Path) -> set[str]:
    """Return the modules of this package that importing ``path`` imports at once."""
    found = set()
    body = [
        node
        for node in tree(path).body
        if not (isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING")
    ]
    for statement in body:
        for name in imported(statement):
            if name.split(".")[0] == "incentives":
                found.add(name if is_module(name) else name.rpartition(".")[0])
    return found


def test_no_two_modules_import_each_other() -> None:
    graph = {name_of(path).removesuffix(".__init__"): runtime_imports(path) for path in MODULES}
    done: set[str] = set()

    def visit(name: str, above: tuple[str, ...]) -> None:
        assert name not in above, " -> ".join((*above, name))
        if name not in done:
            for other in sorted(graph.get(name, ())):
                visit(other, (*above, name))
            done.add(name)

    for module in sorted(graph):
        visit(module, ())


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_no_module_is_over_500_lines(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 500


def test_no_function_is_over_50_lines() -> None:
    def is_long(node: ast.AST) -> bool:
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                return (node.end_lineno or node.lineno) - node.lineno + 1 > 50
            case _:
                return False

    assert places(is_long, MODULES) == []


def test_no_invariant_is_an_assert() -> None:
    """``python -O`` removes them."""
    assert places(lambda node: isinstance(node, ast.Assert), MODULES) == []


def is_float(node: ast.AST) -> bool:
    match node:
        case ast.Call(func=ast.Name("float")) | ast.Constant(value=float()):
            return True
        case _:
            return False


def test_no_float_is_made_below_the_edge() -> None:
    assert places(is_float, below_the_edge()) == []


def asks_the_surroundings(node: ast.AST) -> bool:
    """Whether a node reads the clock, the environment or the locale."""
    match node:
        case ast.Attribute(value=ast.Name("os"), attr="environ" | "environb" | "getenv"):
            return True
        case ast.Attribute(attr="today" | "now" | "utcnow"):
            return True
        case ast.ImportFrom(module="os", names=names):
            return any(alias.name in {"environ", "environb", "getenv"} for alias in names)
        case _:
            return any(name.split(".")[0] in CLOCKS for name in imported(node))


def test_nothing_below_the_edge_asks_its_surroundings() -> None:
    assert places(asks_the_surroundings, below_the_edge()) == []


def test_only_loader_batch_and_audit_use_the_disk() -> None:
    def uses_the_disk(node: ast.AST) -> bool:
        match node:
            case ast.Call(func=ast.Name(name) | ast.Attribute(attr=name)):
                return name in DISK
            case _:
                return False

    others = [path for path in MODULES if part_of(name_of(path)) not in MAY_USE_THE_DISK]
    assert places(uses_the_disk, others) == []


def test_no_import_has_an_effect() -> None:
    """A bare call at the top of a module does something to somebody."""
    calls = [
        f"{path.relative_to(REPOSITORY)}:{statement.lineno}"
        for path in MODULES
        if path.name != "__main__.py"
        for statement in tree(path).body
        if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call)
    ]
    assert calls == []


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_an_import_needs_the_base_install_only(path: Path) -> None:
    """What an extra brings is imported inside the function that needs it."""
    with (REPOSITORY / "pyproject.toml").open("rb") as file:
        dependencies = tomllib.load(file)["project"]["dependencies"]
    base = {re.split(r"[^\w.-]", text)[0].replace("-", "_") for text in dependencies}
    allowed = sys.stdlib_module_names | base | {"incentives"}
    statements = [node for node in tree(path).body if isinstance(node, ast.Import | ast.ImportFrom)]
    roots = {name.split(".")[0] for node in statements for name in imported(node)}
    assert roots <= allowed


# The guards themselves: each is shown one thing to refuse and one to let pass.
@pytest.mark.parametrize(
    ("guard", "refused", "allowed"),
    [
        (is_float, "float(x)", "isinstance(x, float)"),
        (is_float, "x * 0.1", "x * 1"),
        (asks_the_surroundings, "os.environ['LANG']", "os.path"),
        (asks_the_surroundings, "import time", "import datetime"),
        (asks_the_surroundings, "from locale import getlocale", "from datetime import date"),
        (asks_the_surroundings, "date.today()", "date(2024, 6, 1)"),
        (asks_the_surroundings, "from os import getenv", "from os import PathLike"),
    ],
)
def test_a_guard_tells_good_from_bad(
    guard: Callable[[ast.AST], bool], refused: str, allowed: str
) -> None:
    assert any(guard(node) for node in ast.walk(ast.parse(refused)))
    assert not any(guard(node) for node in ast.walk(ast.parse(allowed)))


@pytest.mark.parametrize(
    ("name", "reached"),
    [
        ("incentives", "__init__"),
        ("incentives.load", "__init__"),
        ("incentives.diagnostics", "diagnostics"),
        ("incentives.values.money.Money", "values"),
    ],
)
def test_an_import_reaches_its_floor(name: str, reached: str) -> None:
    assert target(name) == reached
