"""Where numbers come from: the machine, the versions of packages, the commit."""
