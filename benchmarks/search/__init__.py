"""The search by itself: seconds, memory, what is found, and how they grow with the number of codes."""
