"""Studies of files that a team has, each a command: what the parts are worth, what other systems do, how far the model carries.

Nothing here is part of the flow; what they find stands in docs/model.md.
"""
