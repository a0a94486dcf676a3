"""One profile to an assessment: evaluate, bound, award, stack."""
