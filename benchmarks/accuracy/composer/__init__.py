"""Pictures of people who hold cards, composed from portraits: seeded, the same on every machine."""
