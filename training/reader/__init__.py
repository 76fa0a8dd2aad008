"""The recipe of the bundled reader: see README.md."""
