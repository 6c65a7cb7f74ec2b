"""The promises of environments, one kind in each file, each with functions that find where one is broken."""
