"""Workbooks for people: a form to fill in, and a result that recomputes."""
