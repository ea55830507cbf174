"""Requests of the administrator's pages that are refused."""

from frontend.errors.base import ApiError


class AdministrationError(ApiError):
    """Met on the pages alone, so it is no part of the API that is described to clients."""

    status = 401
    type = "invalid_request_error"


class NotSignedInError(AdministrationError):
    """A page asks for what only the administrator may see."""

    code = "not_signed_in"

    def __init__(self) -> None:
        super().__init__("You are not signed in, or your session has ended.")


class WrongSecretError(AdministrationError):
    """That is not the administrator's secret."""

    code = "invalid_admin_secret"

    def __init__(self) -> None:
        super().__init__("This is not the admin secret.")


class SpentLinkError(AdministrationError):
    """The link was used, or its time is over."""

    code = "spent_link"

    def __init__(self) -> None:
        super().__init__("This link was used before, or its time is over.")


class PlaygroundKeyRevokedError(AdministrationError):
    """The playground's own key was revoked."""

    code = "playground_key_revoked"

    def __init__(self) -> None:
        super().__init__("The playground's own key was revoked. Use another API key.")


class NotFromPageError(AdministrationError):
    """A request that only our pages may make came from elsewhere."""

    status = 403
    code = "not_from_page"

    def __init__(self) -> None:
        super().__init__("Only the server's own pages may ask for this.")


class TooManySignInsError(AdministrationError):
    """Somebody tries secrets."""

    status = 429
    type = "rate_limit_error"
    code = "rate_limit_exceeded"

    def __init__(self, wait_seconds: int) -> None:
        super().__init__("There were too many attempts to sign in.")
        self.headers = {"Retry-After": str(wait_seconds)}


class KeyNotFoundError(AdministrationError):
    """No key has this id, or it was revoked."""

    status = 404
    code = "key_not_found"

    def __init__(self) -> None:
        super().__init__("There is no such key, or it was revoked.")


class NotBlockedError(AdministrationError):
    """The user is not blocked."""

    status = 404
    code = "not_blocked"

    def __init__(self) -> None:
        super().__init__("This user is not blocked.")
