"""Trying it: every operation of every dialect, asked as a caller asks it, and its answer in words and as a drawing."""
