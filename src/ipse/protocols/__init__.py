"""How they ask: wire dialects over one runner."""
