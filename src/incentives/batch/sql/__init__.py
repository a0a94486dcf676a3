"""Columns as SQL of three dialects, and the way of SQL to the database."""
