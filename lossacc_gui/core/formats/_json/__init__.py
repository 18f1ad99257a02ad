"""The parts of the JSON readers: text, records, documents, histories, scores."""
