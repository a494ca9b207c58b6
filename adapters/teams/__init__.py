"""Microsoft Teams: cards, dialogs and messages, over the Bot Connector."""
