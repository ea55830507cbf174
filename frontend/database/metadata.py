"""All tables, gathered from the packages that own them: what the migrations must add up to."""

from typing import Final

from sqlalchemy import MetaData

from frontend.administration import table as _administration
from frontend.blocks import table as _blocks
from frontend.database.base import Base
from frontend.idempotency import table as _idempotency
from frontend.keys import table as _keys
from frontend.usage import table as _usage

METADATA: Final[MetaData] = Base.metadata
OWNERS: Final = (_administration, _blocks, _idempotency, _keys, _usage)
