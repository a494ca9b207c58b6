"""Who has accepted the social media policy, in which version and when."""
