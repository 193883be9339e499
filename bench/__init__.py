"""Speed and memory, measured on real servers with a large registry: `make bench`."""
