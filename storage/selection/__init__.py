"""Selections: which rows a question means, and what the database counts and measures of them."""
