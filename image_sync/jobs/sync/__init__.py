"""*Sync*: make two folders equal in both directions.

``checks`` refuses, ``scan`` leads from a request to a review, ``rules`` decide, ``apply`` leads from a plan to equal
folders and a memory of them.  Nothing heavy is loaded for any of it, and nothing is written before a plan is carried
out but the catalog.
"""
