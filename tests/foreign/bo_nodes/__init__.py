"""A cluster of BO nodes that can be wrong in ways of its own, and be restarted."""
