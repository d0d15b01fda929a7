"""Search for pictures that are the same, and verification of the pairs found.

Values in, values out; no file is read here.
"""
