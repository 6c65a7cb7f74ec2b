"""`python -m rlsearch`, the same as `rlsearch`."""

import sys

if __name__ == "__main__":
    if not sys.flags.safe_path:
        # Python looks in the current folder first, where a user's `torch.py` would be taken for torch.
        sys.path.append(sys.path.pop(0))
    from rlsearch.cli import main

    main()
