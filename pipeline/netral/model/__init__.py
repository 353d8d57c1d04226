"""A released model: read and checked (`artifact`), scored with (`scorer`), decided by (`policy`), explained (`explain`).

NumPy and PyArrow only: this is all that scoring needs.
"""
