"""OpenAPI documents of devices that do not exist, one of each version."""

HEATER = """
openapi: 3.0.3
info: {title: Heater, version: "1"}
servers:
  - url: http://{host}:8080/api
    variables: {host: {default: heater.local}}
security:
  - key: []
components:
  securitySchemes:
    key: {type: apiKey, in: header, name: X-Key, description: It is on the label.}
  schemas:
    Mode: {type: string, enum: [auto, manual, away]}
    Zone:
      type: object
      properties:
        temperature: {type: integer, description: "Temperature in 0.1 °C", readOnly: true}
        humidity: {type: number, x-unit: percent}
        children: {type: array, items: {$ref: "#/components/schemas/Zone"}}
paths:
  /status:
    get:
      summary: State of the heater
      responses:
        "200":
          content:
            application/json:
              schema:
                type: object
                properties:
                  "on": {type: boolean, description: Whether it heats}
                  mode: {$ref: "#/components/schemas/Mode"}
                  target: {type: number, description: Target temperature (°C)}
                  power_w: {type: number}
                  valve: {type: integer, enum: [0, 1]}
                  password: {type: string}
                  zones: {type: array, items: {$ref: "#/components/schemas/Zone"}}
                  phases: {type: array, minItems: 2, maxItems: 2, items: {type: number}}
  /settings:
    patch:
      summary: Changes what is given
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                "on": {type: boolean}
                mode: {$ref: "#/components/schemas/Mode"}
                target: {type: number, minimum: 5, maximum: 30, multipleOf: 0.5}
                serial: {type: string, readOnly: true}
      responses: {"204": {description: Done}}
  /zones/{id}/boost:
    parameters:
      - {name: id, in: path, required: true, schema: {type: integer, minimum: 1}}
    post:
      requestBody:
        content:
          application/x-www-form-urlencoded:
            schema:
              type: object
              required: [minutes, reason]
              properties:
                minutes: {type: integer, minimum: 1, maximum: 60}
                reason: {type: string, default: manual}
  /valve:
    post:
      parameters:
        - {name: action, in: query, required: true, schema: {enum: [open, close], type: string}}
  /level/{level}:
    put:
      parameters:
        - {name: level, in: path, required: true, schema: {type: integer, maximum: 9, minimum: 0}}
  /restart:
    post: {summary: Restarts it}
"""
"""Version 3.0."""

BOILER = """
{
  "swagger": "2.0",
  "info": {"title": "Boiler"},
  "host": "192.168.1.20:81",
  "basePath": "/v1",
  "schemes": ["http"],
  "consumes": ["application/json"],
  "produces": ["application/json"],
  "securityDefinitions": {"user": {"type": "basic"}},
  "security": [{"user": []}],
  "definitions": {"State": {"allOf": [
    {"type": "object", "properties": {"relay": {"type": "string", "enum": ["OFF", "ON"]}}},
    {"type": "object", "properties": {"energy": {"type": "number", "description": "in kWh"}}}
  ]}},
  "paths": {
    "/state": {
      "get": {"responses": {"200": {"schema": {"$ref": "#/definitions/State"}}}},
      "put": {
        "parameters": [
          {"in": "body", "name": "state", "schema": {"$ref": "#/definitions/State"}}
        ],
        "responses": {"200": {"description": "Done"}}
      }
    },
    "/set": {
      "get": {
        "parameters": [
          {"in": "query", "name": "temp", "type": "number", "minimum": 30, "maximum": 80},
          {"in": "query", "name": "unit", "type": "string", "required": true, "default": "C"}
        ],
        "responses": {"200": {"description": "Done"}}
      }
    },
    "/upload": {
      "post": {
        "parameters": [{"in": "formData", "name": "image", "type": "file", "required": true}],
        "responses": {}
      }
    }
  }
}
"""
"""Version 2.0, in JSON."""

STATION = """
openapi: 3.1.0
info: {title: Weather station}
servers: [{url: https://api.example.com/local}]
components:
  securitySchemes:
    login: {type: http, scheme: bearer}
    cloud: {type: oauth2, flows: {}}
paths:
  /now:
    get:
      security: [{cloud: []}, {login: []}, {}]
      responses:
        "200":
          content:
            application/json:
              schema:
                type: object
                properties:
                  wind: {type: [number, "null"], description: Speed of the wind}
                  rain: {oneOf: [{type: "null"}, {type: boolean}]}
                  sky:
                    oneOf:
                      - {const: 1, title: Clear}
                      - {const: 2, title: Cloudy}
                  place:
                    type: array
                    prefixItems: [{type: number}, {type: number}]
  /old:
    get:
      responses:
        "200":
          content:
            application/json:
              example: {inside: {temp: 21.5, door: false}, log: [{text: started}]}
"""
"""Version 3.1."""
