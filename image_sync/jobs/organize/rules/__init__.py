"""Pure rules of *organize*: ranking, grouping, names, plan.  Nothing here touches a file."""
