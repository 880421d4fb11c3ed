import asyncio

import pytest

from mimika.core.errors import ServiceBusyError, ServiceUnavailableError
from mimika.core.results import Analysis
from mimika.service.contract import Pool
from mimika.service.schemas import AnalyzeOptions, ModelInfo
from mimika.service.twins import InMemoryPool
from mimika.service.work import Job


def test_the_twin_keeps_the_pools_promises(
    analysis: Analysis, model: ModelInfo
) -> None:
    async def scenario() -> None:
        pool: Pool = InMemoryPool(lambda job: analysis, (model,), places=1)
        assert not pool.status.is_ready
        assert pool.models == ()
        await pool.start()
        await pool.wait_ready()
        assert pool.status.is_ready
        assert pool.models == (model,)
        with pool.place() as analyze:
            done = await analyze(Job(b"", AnalyzeOptions()))
            assert Analysis.model_validate_json(done.body) == analysis
            with pytest.raises(ServiceBusyError), pool.place():
                pass
        await pool.stop()
        with pytest.raises(ServiceUnavailableError), pool.place():
            pass

    asyncio.run(scenario())
