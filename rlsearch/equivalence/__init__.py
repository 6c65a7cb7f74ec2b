"""What a loss is, equals and does: gradient fingerprints, known losses, smallest forms, implied targets."""
