"""The recipe of the bundled English-Indonesian encoder: one module per step, see README.md.

vocabulary -> teacher -> distil -> contrast -> export -> measure
"""
