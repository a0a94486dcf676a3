"""The same rules over millions of rows: lowered to columns, run as SQL."""
