"""The verbs of housing, a file for each concept."""
