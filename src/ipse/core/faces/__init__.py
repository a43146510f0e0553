"""Faces: find them, choose the subject, align it, and place it on the unit sphere."""
