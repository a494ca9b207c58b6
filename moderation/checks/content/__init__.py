"""What a text says: rude, hateful, threatening, selling, confidential. Rules are data beside."""
