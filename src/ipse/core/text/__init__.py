"""Lines of text: where they stand in a picture, and what they say."""
