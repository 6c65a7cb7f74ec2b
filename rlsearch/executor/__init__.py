"""Where trials run: processes of this machine, or the machines of a cluster. A trial is one piece of work, wherever it runs."""
