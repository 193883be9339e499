"""Organisations of the network and around it: what they are in law, and whether they are active."""
