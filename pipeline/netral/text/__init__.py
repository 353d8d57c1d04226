"""Text in, items out: clean a post, cut it into items, give each item its features.

The order of a post's way: ``normalise`` → ``mask`` → ``furniture`` (together: ``clean``) → ``targets`` → ``quotes`` → ``words``
→ ``encode``. This room knows no files but its own lexicons, no pandas and no scikit-learn.
"""
