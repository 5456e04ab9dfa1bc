"""The OpenAPI document of the REST switch."""

SWITCH_DOCUMENT = """
openapi: 3.0.0
info: {title: Garden relay}
security: [{user: []}]
components: {securitySchemes: {user: {type: http, scheme: basic}}}
paths:
  /switch:
    get:
      responses: {"200": {content: {text/plain: {schema: {type: string, enum: ["on", "off"]}}}}}
    post:
      requestBody: {content: {text/plain: {schema: {type: string, enum: ["on", "off"]}}}}
  /picture: {get: {responses: {"200": {content: {image/png: {}}}}}}
"""
