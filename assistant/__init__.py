"""Tanya answers questions from news articles, in English or Indonesian, and cites the exact words.

>>> from assistant.chain import build
>>> answer = build().invoke("what weapons did Myanmar buy from Russia?")
>>> print(answer.text)
According to Min Aung Hlaing ke Rusia, Dua Negara Tegaskan Kerja Sama Militer (13 July 2022): “Dari Rusia, Myanmar
membeli jet tempur Sukhoi Su-30 dan sistem pertahanan udara Pantsir-S1.” [1]

Reading order: records, read, clean, chunk, embed, store, ingest, retrieve, reader, cite, answer, chain.
"""
