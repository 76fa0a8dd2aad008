"""The pages about runs of test questions: which there are, one of them, two side by side, one question asked again.

routes.py      addresses, who may ask, what is read where
phrases.py     what the pages say, in both languages
site.py        the frame around each page, its addresses, and what several pages show
overview.py    all runs
run.py         one run: its figures, and its questions with the failures first
question.py    one question: its answer then and its answer now
comparison.py  two runs

All but routes.py are pure functions from records to HTML. Nothing on these pages needs a script.
"""
