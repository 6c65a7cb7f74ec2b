"""A run's folder: the SQLite journal, its schema and integrity. All that is durable is written here."""
