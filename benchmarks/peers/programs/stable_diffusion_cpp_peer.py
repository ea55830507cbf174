"""stable-diffusion.cpp, which reads a diffusers folder itself and computes in ggml.

It takes one picture at a time. Weights are in fp16, as its users have them; its own random numbers
are those of PyTorch's CPU generator, but its sampler is not the checkpoint's.
"""

from collections.abc import Sequence

from PIL import Image
from stable_diffusion_cpp import StableDiffusion

from benchmarks.peers.programs.task import Pictures, Task, measure


def main() -> None:
    """Load the checkpoint and do the task."""
    task = Task.from_command_line()
    model = StableDiffusion(
        model_path=task.model,
        n_threads=task.threads,
        wtype="f16",
        rng_type="cpu",
        sampler_rng_type="cpu",
        verbose=False,
    )

    def paint(
        pictures: Pictures, masks: Pictures, prompts: Sequence[str], steps: int
    ) -> list[Image.Image]:
        return [
            model.generate_image(
                prompt=prompt,
                init_image=picture,
                mask_image=mask,
                width=picture.width,
                height=picture.height,
                sample_method="ddim_trailing",
                sample_steps=steps,
                cfg_scale=task.guidance,
                strength=1.0,
                seed=seed,
            )[0]
            for seed, (prompt, picture, mask) in enumerate(
                zip(prompts, pictures, masks, strict=True)
            )
        ]

    measure(task, paint)


if __name__ == "__main__":
    main()
