"""Tests of the views: what of a model each picture shows."""
