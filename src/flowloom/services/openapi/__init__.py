"""Specifications of web services: read from text, a file or an address, whole or with what was left out."""
