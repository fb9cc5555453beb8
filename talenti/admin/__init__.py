"""The console: who may come in, the wall around each page, and the pages of this house."""
