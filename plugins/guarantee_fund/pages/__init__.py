"""What is seen of the guarantee fund."""
