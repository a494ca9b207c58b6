"""The shell: settings, wiring, web server, relay, clock and command line."""
