"""The catalogue of modules, and switching them on and off."""
