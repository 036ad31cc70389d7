"""Search a collection in Milvus, a distributed engine, with pymilvus (extra `milvus`).

The store of whoever indexes stays the truth. `writer` publishes it: passages with their vectors and
words, releases, texts and document frequencies go into three collections of Milvus, and readers
need nothing else. See docs/decisions/0039-milvus-holds-what-readers-need.md.
"""
