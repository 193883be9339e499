"""PDF documents that anybody can read: made from a template, numbered, kept as they were issued."""
