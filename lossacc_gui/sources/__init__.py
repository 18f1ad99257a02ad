"""Where bytes come from: local folders, remote folders, standard input."""
