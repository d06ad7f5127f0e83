"""How rows change: the writer, which keeps history of every edit."""
