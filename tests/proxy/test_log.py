"""The proxy's log: who asked for what, and nothing that opens a door."""

import httpx

from tests.proxy.test_own_answers import logged
from tests.servers.nginx import Proxy


async def test_the_log_has_no_key_no_query_and_no_name_of_a_result(
    proxy: Proxy, http: httpx.AsyncClient
) -> None:
    url = "/v1/images/results/1-secret.secret.png?secret=1"
    answer = await http.get(url, headers={"Authorization": "Bearer sk-secret"})
    line = await logged(proxy, answer.headers["x-request-id"])
    assert line["path"] == "/v1/images/results/"
    assert "secret" not in str(line)
