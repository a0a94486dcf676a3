"""The ``incentives`` command: reads arguments, calls the library, prints, sets the exit code.

Exit codes: 0 ok · 1 findings (broken rules, a failed case) · 2 usage · 3 bad
input data · 4 internal error. Results go to standard output, talk to standard
error. Only this package reads the clock, the locale and the environment; it
decides nothing.

The trap: everything slow (typer, rich, the library) is imported when a command
runs, for the command line starts afresh each time.
"""

from __future__ import annotations


def main() -> None:
    """Run the command line and leave the process with its exit code."""
    import gc

    gc.set_threshold(200_000)  # loading makes many objects that all stay
    from incentives.cli.app import make_app
    from incentives.cli.frame import prepare_streams

    prepare_streams()
    make_app()(prog_name="incentives")
