"""Tables, whose rows they hold, and the one place where a transaction ends."""
