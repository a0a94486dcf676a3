"""``python -m incentives``: the same as the command ``incentives``."""

from __future__ import annotations

from incentives.cli import main

main()
