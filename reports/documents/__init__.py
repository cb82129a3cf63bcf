"""The paper as a neutral tree, and the writers that spend it. Knows no Django model."""
