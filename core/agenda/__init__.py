"""What falls due on which day, from every module, as a page and as a calendar that other programs read."""
