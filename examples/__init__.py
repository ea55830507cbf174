"""The pictures of the README: drawn by code, edited by the product."""
