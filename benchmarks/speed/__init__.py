"""How fast similar pictures are found: this program, the naive way, and the peers that are installed."""
