"""The community's work: what is asked for, who takes it, how it ends."""
