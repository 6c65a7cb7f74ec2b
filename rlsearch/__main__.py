"""`python -m rlsearch`, the same as `rlsearch`."""

from rlsearch.cli import main

if __name__ == "__main__":
    main()
