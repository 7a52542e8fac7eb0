"""The language of `architecture.yaml`: documents with marks, component kinds, links, resolution."""
