"""The protocols that core defines, one module each."""
