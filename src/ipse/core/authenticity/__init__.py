"""Whether a card is what it claims to be: checks with a score, a threshold and what they cost."""
