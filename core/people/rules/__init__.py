"""The arithmetic of the registry of people: codes, ISEE, likeness."""
