"""Legal days: months, holidays, deadlines."""
