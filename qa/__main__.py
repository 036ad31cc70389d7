"""`python -m qa` is the program `releaseqa`."""

from qa.cli.app import run

if __name__ == "__main__":
    run()
