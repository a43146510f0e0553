"""Answers as findings: one module for each kind of question, whichever vendor was asked it."""
