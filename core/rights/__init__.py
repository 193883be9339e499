"""The rights of the person: to know what is kept, and to have it put right, restricted or erased (GDPR, ch. III)."""
