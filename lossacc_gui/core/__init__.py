"""The engine: bytes to rows to series to evidence to findings. No Qt, no threads, no clock."""
