"""The fused trainer of the replay regime: environment, replay, networks, loss and Adam in one compiled loop."""
