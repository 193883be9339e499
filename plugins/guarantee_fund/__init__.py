"""Guarantees and deposit advances that cannot exceed the money behind them."""
