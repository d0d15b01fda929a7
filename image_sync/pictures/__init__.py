"""Reading of picture files: decoding, hashes, quality, metadata, capture dates.

No rule of a job and no window here.
"""
