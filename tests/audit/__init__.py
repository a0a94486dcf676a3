"""Lists of payments with faults planted in them."""
