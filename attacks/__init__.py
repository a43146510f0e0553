"""Simulated attacks for figures and tests: pure functions of pixels and a seed; nothing of the server imports them."""
