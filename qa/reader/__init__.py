"""The reader: finds the exact words of an answer in a passage, and says how sure it is of them.

`spans` is the arithmetic, `network` the packaged model, `reading` what is found.
"""
