"""Finds, checks, orders and loads plugins; quarantines the broken ones."""
