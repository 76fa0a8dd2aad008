"""Tanya answers questions from news articles, in English or Indonesian, and cites the exact words.

>>> from assistant.chain import build
>>> answer = build().invoke("what weapons did Myanmar buy from Russia?")
>>> print(answer.text)

Reading order: records, read, clean, chunk, embed, store, ingest, retrieve, reader, cite, answer, chain.
"""
