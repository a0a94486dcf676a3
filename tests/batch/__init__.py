"""Comparisons of batches with the single engine, at any size."""
