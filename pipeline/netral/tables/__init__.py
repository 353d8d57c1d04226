"""Files of posts as tables: what training, tests and labels by the guide read."""
