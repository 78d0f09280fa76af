"""The import gate: what comes in is inspected in a child process, previewed, then stored whole."""
