"""Pure rules of *import*: dates of folders, places, duplicates, plan.  Nothing here touches a file."""
