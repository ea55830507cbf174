// "API keys", put together.

import { installAdminPage } from "../common/admin.js";
import { installBlocks, loadBlocks } from "./blocks.js";
import { installKeyForm } from "./key_form.js";
import { installKeyList, loadKeys } from "./key_list.js";
import { installUsage, loadUsage } from "./usage.js";

async function load() {
  await Promise.all([loadKeys(), loadUsage(), loadBlocks()]);
}

installKeyList();
installKeyForm(loadKeys);
installUsage(loadBlocks);
installBlocks();
void installAdminPage(load);
