"""Speed against peers, as ratios of CPU seconds measured in one run: ``python -m benchmarks``."""
