"""Work done apart from the request: rows that workers take, run step by step, and try again when it fails."""
