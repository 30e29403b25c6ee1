"""Orders out of files: columns, mapping, checking, taking in (R1.13)."""
