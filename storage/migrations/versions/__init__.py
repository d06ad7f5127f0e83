"""The migrations, each up and down."""
