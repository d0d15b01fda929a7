"""The window itself: launch, rail, keys, the strip above the page."""
