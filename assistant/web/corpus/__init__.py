"""The pages about the collection: what is indexed, bringing articles in, taking them out, the index's health.

routes.py    addresses, who may do what
intake.py    files that were sent -> articles in the index, one intake at a time; what became of each file
uploads.py   the body of a form -> files in memory, within limits
phrases.py   what the pages say, in both languages
site.py      the frame around each page, and its addresses
overview.py  counts, plots, the list, the forms
results.py   an intake at work or done, a removal asked for or done
health.py    what is known of the index's health

overview.py, results.py and site.py are pure functions. Nothing on these pages needs a script.
"""
