"""A family's archive with ground truth: two phones, a card, a backup drive and a Takeout, imported and judged."""
