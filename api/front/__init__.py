"""The layer before FastAPI: who may come in (`hosts`, `access`), with what (`bounds`), how often (`limits`), and the
answers that are ready (`hot`)."""
