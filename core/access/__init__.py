"""Users, sign-in, roles, permissions and API tokens."""
