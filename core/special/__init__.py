"""Special data (artt. 9 and 10 GDPR): read once a purpose was told, each reading with its line in the trail."""
