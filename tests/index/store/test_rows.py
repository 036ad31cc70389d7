"""The form of values in the rows of the store."""

from index.store.rows import pack_spans, unpack_spans, vector_key


def test_spans_are_pairs_of_little_endian_numbers() -> None:
    """Collections are copied between machines, so their form is fixed."""
    assert b"\x01\0\0\0\x02\x03\0\0" == pack_spans([(1, 0x302)])
    assert ((0, 5), (6, 70_000)) == unpack_spans(pack_spans([(0, 5), (6, 70_000)]))
    assert () == unpack_spans(pack_spans([]))


def test_passages_of_other_sentences_have_other_vectors() -> None:
    """The text is the same, but each sentence has a vector of its own."""
    text = "The bridge is open. It is blue."
    keys = {vector_key(text, spans) for spans in ([(0, 31)], [(0, 19), (20, 31)], [])}

    assert 3 == len(keys)
    assert vector_key(text, [(0, 31)]) in keys
    assert vector_key("Another.", [(0, 31)]) not in keys
