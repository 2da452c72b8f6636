"""The pages of `docs/` and the README: what they show runs, what is public is on them."""
