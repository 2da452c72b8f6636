"""Cards, PINs and codes: what fits, what is too simple, and how long to wait after a wrong one."""
