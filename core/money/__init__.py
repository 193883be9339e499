"""Exact amounts of euro."""
