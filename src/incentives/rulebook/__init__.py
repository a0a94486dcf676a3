"""From TOML files to a checked rulebook: reading, places, file models, lowering."""
