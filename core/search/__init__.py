"""One search over the registries and the modules that the partner runs."""
