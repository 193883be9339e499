"""What the example files are made of, a file for each sheet."""
