"""The process that serves: uvicorn, its HTTP protocol, its log."""
