"""Copies a table by DuckDB's own extension and prints it; run with a DuckDB that has one."""

from __future__ import annotations

import json
import sys

import duckdb

from incentives.batch.inputs.database import copy_table, extension_file


def main() -> None:
    """Print the release, the types and the rows."""
    connection = duckdb.connect(config={"autoinstall_known_extensions": "false"})
    copy_table(connection, sys.argv[1], "copied", "row")
    copied = connection.table("copied")
    print(  # noqa: T201 (a script)
        json.dumps(
            {
                "extension": str(extension_file(duckdb.__version__)),
                "types": dict(zip(copied.columns, map(str, copied.types), strict=True)),
                "rows": [[str(value) for value in row] for row in copied.fetchall()],
            }
        )
    )


if __name__ == "__main__":
    main()
