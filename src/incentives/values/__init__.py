"""Values: money, quantities, dates, codes, types and the unknown.

Floor 1 of the library: imports only ``diagnostics``. Nothing here knows a rule
or an incentive. Import the module you need; this package re-exports nothing,
so that reading one of them does not load the others.
"""
