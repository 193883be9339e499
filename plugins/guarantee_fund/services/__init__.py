"""The verbs of the guarantee fund, a file for each concept."""
