"""Homes, calls, rankings, leases and the money that follows."""
