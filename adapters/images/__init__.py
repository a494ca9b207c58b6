"""Pictures: opened where hostile bytes can do no harm, and built anew from their pixels alone."""
