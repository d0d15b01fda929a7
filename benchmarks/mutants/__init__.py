"""Mutants: small faults planted in the program one at a time, to see whether the tests notice."""
