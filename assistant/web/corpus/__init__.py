"""The pages about what can be asked about: how many articles there are of when and whence, which, and how the index is.

phrases.py    what these pages say, in both languages
overview.py   the page as HTML
upload.py     files of a visitor -> articles of the index, with what became of each
routes.py     the addresses, and who may change something
"""
