// Looks again by itself while records are being screened; the "Look again" link does the same.
const place = document.querySelector("[data-progress]");
const bar = place?.querySelector("progress");
const words = place?.querySelector("[data-progress-message]");

async function look() {
  try {
    const answer = await fetch(place.dataset.progress, { headers: { Accept: "application/json" } });
    if (!answer.ok) return;
    const now = await answer.json();
    if (now.over) {
      location.reload();
      return;
    }
    if (now.all) bar.max = now.all;
    bar.value = now.done;
    if (now.message && words.textContent !== now.message) words.textContent = now.message;
  } catch {
    // No connection at the moment: the next look may have one.
  }
  setTimeout(look, 2000);
}

if (place && bar && words) setTimeout(look, 1000);
