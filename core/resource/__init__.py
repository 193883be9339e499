"""Pages, endpoints, imports and exports that come from one declaration of an entity."""
