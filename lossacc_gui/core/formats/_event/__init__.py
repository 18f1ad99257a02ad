"""The parts of the event-file reader: schema, scalars, bulk."""
