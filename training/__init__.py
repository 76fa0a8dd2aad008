"""The recipes that made the bundled models; nothing here is imported by the program."""
