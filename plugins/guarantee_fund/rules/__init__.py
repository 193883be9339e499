"""The arithmetic of the guarantee fund: no session, no clock, no limit of its own."""
