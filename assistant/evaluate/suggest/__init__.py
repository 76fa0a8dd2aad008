"""Test questions proposed from articles, for an editor to accept or refuse.

names, fact, english, indonesian   a sentence -> the questions it answers, by templates
candidates                         an article -> its questions; which article's turn it is
roundtrip                          does Tanya find the answer? an easy question, or a harder one
decisions                          the file of what was accepted, and beside it what was refused
session                            one question after the other on a terminal
"""
