// The playground, put together.

import { installAccount } from "../common/account.js";
import { caller } from "../common/caller.js";
import { byId } from "../common/dom.js";
import { guarded, say } from "../common/notices.js";
import { copyAs } from "./copy_as/dialog.js";
import { Easel } from "./easel.js";
import { cropAgain, openPicture } from "./picture/open.js";
import { listenForPictures } from "./picture/sources.js";
import { compareImages, installViewer } from "./results/viewer.js";
import { installRunning } from "./run/control.js";
import { installForm, loadModels, readRequest, reuseSeed, suitSize } from "./run/form.js";
import { installShortcuts } from "./shortcuts.js";
import { installToolbar } from "./toolbar.js";

const easel = new Easel();
/** @type {import("./picture/open.js").Original | null} */
let original = null;

async function open(/** @type {Blob} */ file) {
  const opened = await openPicture(file);
  if (!opened) return;
  original = opened.original;
  await easel.show(opened.picture);
}

/** @type {import("./results/run_view.js").Uses} */
const uses = {
  compare: compareImages,
  copyAs: ({ request, images }) => copyAs(images[0].seed ? request.withSeed(images[0].seed) : request),
  async proceed({ images, request }, index) {
    const { file, seed } = images[index];
    if (!file) return;
    await open(new File([file], `${request.name}-${seed}.png`));
    byId("stage", HTMLElement).focus();
    byId("stage", HTMLElement).scrollIntoView({ block: "center" });
    say("The result is the new picture.");
  },
  reuseSeed,
};

const chooseFile = listenForPictures(open);
installToolbar(easel);
installShortcuts(easel, chooseFile);
byId("choose", HTMLButtonElement).addEventListener("click", chooseFile);
byId("open", HTMLButtonElement).addEventListener("click", chooseFile);
byId("crop", HTMLButtonElement).addEventListener("click", guarded(async () => {
  const picture = original && (await cropAgain(original));
  if (picture) await easel.show(picture);
}));
byId("copy-as", HTMLButtonElement).addEventListener("click", guarded(async () => copyAs(await readRequest(easel))));
easel.addEventListener("picture", () => suitSize(easel.mask.side));
caller.addEventListener("change", guarded(loadModels));
installForm();
installViewer();
installRunning(easel, uses);
void installAccount("Admin secret or API key");
