"""A released model: read and checked (`artifact`), scored with (`scorer`), decided by (`policy`), explained (`explain`).

NumPy only: this is all that scoring needs.
"""
