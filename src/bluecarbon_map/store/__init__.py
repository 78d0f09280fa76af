"""Where data lives: `base` says what a store can do, the other modules do it."""
