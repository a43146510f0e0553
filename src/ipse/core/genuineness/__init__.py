"""Is it alive: one file for each way to be fooled, and the signed bundles that vouch for pictures."""
