"""Where an auditor looks first: what officers did, scales, leads, and what is drawn."""
