"""What the answers look like, for the OpenAPI document and for those who read it. Answers are encoded straight from
what the store gave; tests hold them against these models."""
