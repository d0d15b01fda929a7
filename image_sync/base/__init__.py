"""Values and tools that every room stands on: paths, words, control, progress, places."""
