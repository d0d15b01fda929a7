"""Archives: the files inside a zip or a tar, listed and read where they are, without unpacking the archive."""
