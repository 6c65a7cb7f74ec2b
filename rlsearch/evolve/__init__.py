"""The search algorithm: grammar, mutations, enumeration, populations, screening. It knows graphs and no RL."""
