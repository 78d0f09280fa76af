"""Scripts that make the embedded workspace ``data/zhejiang`` and its provenance tables."""
