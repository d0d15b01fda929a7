"""The stages of *sync*: list both sides, read what has to be read, decide, carry out, remember.

Here the rules of ``jobs.sync`` meet the world.  ``checks`` refuses, ``stages`` leads from a request to a review,
``carrying_out`` from a plan to two equal folders and a memory of them, ``versions`` shows and clears what is kept.
Nothing heavy is loaded for any of it, and nothing is written before a plan is carried out but the catalog.
"""
