"""Speed, measured on a database of its own, outside of the tests."""
