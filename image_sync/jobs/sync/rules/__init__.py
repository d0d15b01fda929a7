"""Pure rules of *sync*: the decision table, renames, guards, plan.  Nothing here touches a file."""
