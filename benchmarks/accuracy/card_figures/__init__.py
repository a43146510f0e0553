"""How well cards are read: what `card_reading.py` measures, a module a step."""
