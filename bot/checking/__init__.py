"""Behind ``schoolgate check``: the files it is given, the lines it reads, the answers it prints."""
