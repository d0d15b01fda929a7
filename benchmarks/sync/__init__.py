"""How fast two folders are brought in step: this program and the synchronisers that are installed, on one tree."""
