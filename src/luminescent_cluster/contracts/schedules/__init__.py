"""Deterministic thread schedules: explore, detect, shrink, replay, draw."""
