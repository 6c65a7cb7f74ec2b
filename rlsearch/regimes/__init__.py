"""What losses are functions of: each regime is one record of inputs, heads, networks and views."""
