"""The home page: what each module has to say to who just came in."""
