"""Messages between a search and the bridge, the process that speaks to Ray for it: tuples whose first item says the kind."""

# From the bridge.
CONNECTED, READY, SAY, SLOTS, ANSWER, TIMED_OUT, KILLED, GIVEN_UP, ERROR, LOST = range(10)
# To the bridge.
PREPARE, WORK, CANCEL = range(3)
RETURNED = -1  # to the bridge's own inbox, from Ray
