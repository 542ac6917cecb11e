"""Parts of the usage tracker's suite."""
