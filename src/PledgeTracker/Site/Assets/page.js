// What every page does when it may: it shows another address, or the same one anew, without being loaded again. Without this file every page is complete.
'use strict';

/** Shows an address in place of this page. What is open stays open, and focus and place stay where they are. */
async function turnTo(address) {
  location.assign(address);
}
