"""sqlglot's expressions, imported when first used: ``sqlglot`` comes with the extra ``batch``.

The other modules write ``exp`` for this one; to the type checker it is sqlglot's own.
"""

from __future__ import annotations

from typing import Any

from incentives.diagnostics import MissingExtraError


def __getattr__(name: str) -> Any:
    """Return a name of ``sqlglot.exp``.

    Raises:
        MissingExtraError: sqlglot is not installed.
    """
    if name.startswith("__"):
        raise AttributeError(name)
    try:
        from sqlglot import exp
    except ImportError:
        raise MissingExtraError(("making SQL", "生成 SQL "), "sqlglot", "batch") from None
    value = globals()[name] = getattr(exp, name)
    return value
