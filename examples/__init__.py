"""Example files as a municipality sends them; `python -m examples.make` makes them."""
