"""What is seen of housing."""
