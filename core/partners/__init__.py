"""Partner organisations, their members, and the modules they switched on."""
