"""What somebody has typed and not saved yet, kept for them alone."""
