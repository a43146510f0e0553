"""Cards: where they are."""
