"""Which pictures are the same: search, verification, grouping.  Values in, values out; no file is read here."""
