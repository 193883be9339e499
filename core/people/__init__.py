"""Persons, households, relationships, ISEE certificates and tags."""
