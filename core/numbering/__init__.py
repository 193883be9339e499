"""Numbers without gaps for each partner and year."""
