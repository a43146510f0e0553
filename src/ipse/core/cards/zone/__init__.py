"""Machine-readable zones (ICAO 9303, parts 3 to 7): found among lines, fitted to a format, mended, understood."""
