"""Orti sociali: plots given for a season, in an order that everybody can check."""
