"""How proposals are made: grammar, mutations, enumeration, populations, screening. It knows graphs and no RL."""
