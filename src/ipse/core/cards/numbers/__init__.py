"""Numbers on cards: what each says by its own rule, and what the reader may mend. One file for each country."""
