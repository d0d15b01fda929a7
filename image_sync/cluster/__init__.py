"""Many machines: pictures are read by the workers of a ``dask.distributed`` cluster instead of threads."""
