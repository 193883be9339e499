"""The pages of jobs, and their endpoints."""
