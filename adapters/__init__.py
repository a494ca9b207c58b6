"""What stands at the edges: Slack, Teams, the sandbox, pictures and publishing."""
