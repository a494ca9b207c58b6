"""Where cards are shown: the conversations that an account, or a school, is at home in."""
