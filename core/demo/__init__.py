"""The demo network: the territory of #gener_Azioni with invented people."""
