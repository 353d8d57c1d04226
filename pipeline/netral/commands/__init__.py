"""The commands of `netral`, one module each; `netral.cli` puts them together."""
