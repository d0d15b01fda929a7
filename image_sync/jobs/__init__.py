"""The rules of the three jobs, as pure functions from values to a Plan.  Nothing here touches a file."""
