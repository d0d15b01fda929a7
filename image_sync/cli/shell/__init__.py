"""Documents of the command line for shells and readers: completion scripts and the man page, made of the parsers."""
