"""The database: opening, migrating, and the two kinds of session."""
