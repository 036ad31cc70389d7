"""Harnesses that give untrusted bytes to the program, one module for each kind of input.

`python -m fuzzing` lets a coverage-guided fuzzer change the bytes (`make fuzz`), and
`tests/fuzzing` replays what it has found. `fuzzing.core` says what a harness is.
"""
