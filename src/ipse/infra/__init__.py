"""Where it rests: settings, store, threads, logs and figures. Each file implements a port or serves a root."""
