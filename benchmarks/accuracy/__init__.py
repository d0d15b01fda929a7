"""How many edits of a picture the program finds, and how many different pictures it takes for the same."""
