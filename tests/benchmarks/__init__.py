"""Benchmarks: every speed is a ratio from one run, side by side on the same posts."""
