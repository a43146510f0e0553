"""Trains the small networks of the judgements `synthetic` and `mask`; see README.md beside this file."""
