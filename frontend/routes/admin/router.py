"""All of it below one path; but for signing in, for the administrator alone."""

from fastapi import APIRouter

from frontend.administration.page_request import ADMINISTRATOR
from frontend.routes.admin import keys, session, status, usage, users

router = APIRouter(prefix="/admin/api", include_in_schema=False)
router.include_router(session.router)
for routes in (keys, usage, users, status):
    router.include_router(routes.router, dependencies=[ADMINISTRATOR])
