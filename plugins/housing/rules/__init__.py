"""The arithmetic of housing: exact, without session or clock; limits and rates come from whoever asks."""
