"""Does the server keep the API's contract? Asked by the official clients, of any server.

    python -m tests.conformance --base-url http://127.0.0.1:8080/v1 --key sk-...

asks a running one; as part of the test suite, the product that the end-to-end tests start.
"""
