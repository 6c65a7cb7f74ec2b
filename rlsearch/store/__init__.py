"""A run's folder: the SQLite journal, the space as written, the stamp. The only room that writes."""
