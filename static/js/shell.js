/* What the head of every page does: its menu, its search, the guide beside it. */
import * as help from "./help.js";
import * as menu from "./menu.js";
import * as search from "./search.js";

for (const part of [help, menu, search]) part.start();
