"""The stages of *import*: list the inputs and the library, read dates, find what is the same, decide, remember.

Here the rules of ``jobs.photo_import`` meet the world.  ``checks`` refuses, ``stages`` leads from a request to a
review, ``applying`` carries a plan out and tells the registry what stands where now.  Nothing is written before that
but the catalog.
"""
