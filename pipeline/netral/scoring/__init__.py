"""Batch runs that a scheduler can trust: read, score, write, resume, quarantine, drift."""
