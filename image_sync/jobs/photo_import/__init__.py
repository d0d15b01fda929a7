"""*Import*: file photos by year and description, without ever taking a picture twice.

``checks`` refuses, ``scan`` leads from a request to a review, ``rules`` decide, ``apply`` carries the plan out and
tells the catalog and the registry what stands where now.
"""
