"""All of it below one path."""

from fastapi import APIRouter

from frontend.routes.admin import session

router = APIRouter(prefix="/admin/api", include_in_schema=False)
router.include_router(session.router)
