"""How fast the window is: a real window on a display, large reviews, a real scan."""
