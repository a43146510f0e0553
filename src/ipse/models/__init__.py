"""The weights: which files, where they come from, and the only place that opens them with an inference runtime."""
