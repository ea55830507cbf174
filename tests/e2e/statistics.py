"""Triton's own count of what it executed."""

import tritonclient.grpc.aio as triton_grpc


async def executions(triton: str, model: str) -> int:
    """How many times the model has been executed since the server's start (a batch counts once)."""
    async with triton_grpc.InferenceServerClient(triton) as client:
        answer = await client.get_inference_statistics(model)
    return sum(int(version.execution_count) for version in answer.model_stats)
