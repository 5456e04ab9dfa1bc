"""OpenAPI documents, also those of version 2 (Swagger), as drafts of descriptions."""

from .reading import import_openapi, read_openapi

__all__ = ["import_openapi", "read_openapi"]
