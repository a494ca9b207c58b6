"""Chat accounts that become somebody's: asked for by e-mail address, confirmed by people."""
