"""Average the weights of readers that were trained from one another.

    python training/average_readers.py --out /tmp/mean.pt qa/data/reader.onnx /tmp/reader/reader.pt

Networks trained further from the same weights lie in one valley of the loss, and their average is
often better than each of them (Wortsman et al., "Model soups", 2022). No weights are tuned: all
count the same.
"""

import argparse
from pathlib import Path

import network as net
import torch
from shipped import from_file


def mean(files: list[Path]) -> net.ReaderNetwork:
    """Return a network with the mean of the weights in the files."""
    readers = [from_file(path) for path in files]
    states = [reader.state_dict() for reader in readers]
    readers[-1].load_state_dict(
        {
            name: torch.stack([state[name] for state in states]).mean(0)
            if value.is_floating_point()
            else value
            for name, value in states[-1].items()
        }
    )
    return readers[-1]


def main() -> None:
    """Average and write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("files", type=Path, nargs="+", help="exported readers and checkpoints")
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    net.save(mean(options.files), options.out)


if __name__ == "__main__":
    main()
