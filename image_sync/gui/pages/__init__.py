"""The pages that belong to no job: history, problems, settings, help."""
