"""How often attacks get through and genuine captures are held up: ISO/IEC 30107-3 on the user's own pictures."""
