"""The third platform: one page on which one person plays all the parts."""
