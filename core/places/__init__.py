"""Places, their rooms and opening hours, and the municipalities and states they stand in."""
