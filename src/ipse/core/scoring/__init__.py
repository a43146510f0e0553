"""From numbers to error rates, and from error rates to decisions."""
