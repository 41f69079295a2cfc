// The referral page without a click: what we make of the medicines, as they are typed.
const box = document.getElementById("id_medicines");
const shown = document.getElementById("understood");
const form = box && box.form;
if (form && shown) {
  const token = form.elements.csrfmiddlewaretoken.value;
  let waiting = 0;
  const ask = async () => {
    const body = new URLSearchParams({ medicines: box.value, csrfmiddlewaretoken: token });
    try {
      const answer = await fetch(shown.dataset.understood, { method: "POST", body });
      if (answer.ok) {
        const part = new DOMParser().parseFromString(await answer.text(), "text/html");
        shown.replaceChildren(...part.body.childNodes);
      }
    } catch {
      // Without an answer the button below does the same.
    }
  };
  box.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(ask, 400);
  });
}
