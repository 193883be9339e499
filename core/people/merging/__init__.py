"""Two sheets of one person made one: who may, what moves, what stands in the way, and the way back for thirty days."""
