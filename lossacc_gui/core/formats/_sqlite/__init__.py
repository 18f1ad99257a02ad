"""The parts of the SQLite store: opening without a trace, plans per schema, rows."""
