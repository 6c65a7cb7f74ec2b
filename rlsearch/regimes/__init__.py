"""What losses are functions of: a regime is one record of inputs, heads, networks and views."""
