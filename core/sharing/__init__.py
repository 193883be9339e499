"""What one partner lets another see of a person: why, on what ground, until when."""
