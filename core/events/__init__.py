"""What happened, told after commit to the modules that want to know: an outbox of rows."""
