"""What banks send and what they are sent: statements read, SEPA orders written. No tables."""
