"""The contract run of this repository, and the template that a cloud repository copies."""
