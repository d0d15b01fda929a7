"""*Organize*: find exact duplicates and similar pictures, and sort them."""
