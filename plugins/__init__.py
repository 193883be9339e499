"""The modules that ship with the project, one folder each."""
